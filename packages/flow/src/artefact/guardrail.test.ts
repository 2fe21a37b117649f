import { describe, expect, test } from 'vitest';
import { loadAcme, saidAfter } from './acme.test.ts';

describe('guardrails', () => {
  test('S3.13 one that bounds nothing is an error, and so is one without a reason', () => {
    expect(saidAfter('guardrails.yaml', '    max-ttl: 1h\n', '')).toContain(
      'a guardrail bounds nothing without `max-ttl`, `min-assurance` or `pop`',
    );
    expect(
      saidAfter('guardrails.yaml', '    because: a bearer token works for whoever holds it\n', ''),
    ).toContain('`because` is missing');
  });

  test('a list left out applies to all', () => {
    const last = loadAcme().guardrails.at(-1)!;
    expect(last).toMatchObject({
      issues: null,
      tiers: [0, 1],
      kinds: null,
      maxTtl: null,
      minAssurance: 2,
      pop: null,
    });
  });
});
