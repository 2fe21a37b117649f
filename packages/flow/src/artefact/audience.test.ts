import { describe, expect, test } from 'vitest';
import { saidAfter } from './acme.test.ts';

describe('audiences', () => {
  const put = (keys: string): readonly string[] =>
    saidAfter(
      'audiences.yaml',
      'enforces: [mtls, tpm-key] }',
      `enforces: [mtls], introspection: { client: edge, keys: [${keys}] } }`,
    );
  test('S4.14 a public key names itself, and has nothing private', () => {
    expect(put('{ kty: EC, crv: P-256, x: a, y: b, kid: k }')).toEqual([]);
    expect(put('{ kty: EC, crv: P-256, x: a, y: b }')).toEqual(['`kid` is missing']);
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])
      expect(put(`{ kty: EC, kid: k, ${member}: secret }`)).toEqual([
        `a public key has no member \`${member}\`; put only the public key here`,
      ]);
  });

  test('F20 what leaked is not repeated', () => {
    expect(put('{ kty: EC, kid: k, d: canary-4711 }').join()).not.toContain('canary-4711');
  });
});
