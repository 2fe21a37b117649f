import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { GITHUB_ACTIONS_CLAIMS } from '@writ/core';
import { describe, expect, test } from 'vitest';
import { expectReplayed, root } from '../fixture.test.ts';
import { type Narrowed, narrowed } from './narrow.ts';
import { proofYaml } from './proof-yaml.ts';
import { usedClaims } from './used-claims.ts';
import { exampleFlow, github, whoCanPass } from './who.test.ts';

const TOKEN = {
  iss: 'https://token.actions.githubusercontent.com',
  sub: 'repo:acme/reports:environment:production',
  repository: 'acme/reports',
  repository_id: '551237781',
  repository_owner: 'acme',
  repository_owner_id: '77',
  ref: 'refs/heads/main',
  ref_type: 'branch',
  event_name: 'schedule',
  runner_environment: 'self-hosted',
  environment: 'production',
  run_id: '1',
  sha: 'aaaa',
};

function narrow(match: string, ...tokens: readonly object[]): Narrowed {
  const { set, flow } = exampleFlow(github(match));
  const [proof] = flow.definition.proof.proofs;
  if (proof === undefined) throw new Error('no proof');
  return narrowed(
    set,
    flow,
    proof,
    tokens.map((token) => usedClaims(GITHUB_ACTIONS_CLAIMS, { ...token })),
  );
}

const ENVIRONMENT = 'repository_id: "551237781", environment: production';

describe('the narrowest proof that admits what was used', () => {
  test('every claim that stays from run to run is matched, and the prover says it is narrower', () => {
    const { match, verdict, strangers, varied } = narrow(ENVIRONMENT, TOKEN, {
      ...TOKEN,
      run_id: '2',
      sha: 'bbbb',
    });
    expect(match).toEqual({
      repository_id: { exact: '551237781' },
      environment: { exact: 'production' },
      repository: { exact: 'acme/reports' },
      repository_owner: { exact: 'acme' },
      repository_owner_id: { exact: '77' },
      ref: { exact: 'refs/heads/main' },
      ref_type: { exact: 'branch' },
      event_name: { exact: 'schedule' },
      runner_environment: { exact: 'self-hosted' },
    });
    expect([verdict?.verdict, strangers, varied]).toEqual(['narrower', [], []]);
    expectReplayed(verdict ?? fail());
  });

  test('several values are listed; what was absent once is not matched', () => {
    const { ref_type: _, ...without } = TOKEN;
    const { match, verdict } = narrow(ENVIRONMENT, TOKEN, { ...without, ref: 'refs/heads/next' });
    expect(match['ref']).toEqual({ oneOf: ['refs/heads/main', 'refs/heads/next'] });
    expect([match['ref_type'], verdict?.verdict]).toEqual([undefined, 'narrower']);
  });

  test('too many values are left as they were, and said', () => {
    const many = Array.from({ length: 21 }, (_, i) => ({ ...TOKEN, ref: `refs/heads/release-${i}` }));
    const before = `${ENVIRONMENT}, ref: { like: "refs/heads/release-*" }`;
    expect(narrow(before, ...many).match['ref']).toEqual({ like: 'refs/heads/release-*' });
    const open = narrow(ENVIRONMENT, ...many);
    expect([open.match['ref'], open.varied]).toEqual([undefined, ['ref']]);
  });

  test('narrowing twice is the same', () => {
    const once = narrow(ENVIRONMENT, TOKEN);
    const match = Object.entries(once.match).map(
      ([claim, form]) => `${claim}: ${JSON.stringify('exact' in form ? form.exact : '')}`,
    );
    expect(narrow(match.join(', '), TOKEN).verdict?.verdict).toBe('same');
  });

  test('a token that the proof does not admit is named, with the claim, and nothing is proposed as proved', () => {
    const { strangers, verdict } = narrow(ENVIRONMENT, TOKEN, { ...TOKEN, environment: 'staging' });
    expect([strangers, verdict]).toEqual([[{ at: 1, claim: 'environment' }], null]);
    const { environment: _, ...without } = TOKEN;
    expect(narrow(ENVIRONMENT, without).strangers).toEqual([{ at: 0, claim: 'environment' }]);
  });

  test('pasted into the flow it loads, and leaves open less', () => {
    const { match } = narrow(ENVIRONMENT, TOKEN, { ...TOKEN, ref: 'refs/heads/next' });
    const { flow } = exampleFlow(github(ENVIRONMENT));
    const yaml = proofYaml(flow.definition.proof.proofs[0] ?? fail(), match);
    const pasted = `proof:\n  min-assurance: 2\n  any:\n${yaml.replaceAll(/^/gm, '    ')}`;
    expect(exampleFlow(pasted).flow.definition.proof.proofs[0]?.match).toEqual(match);
    expect([whoCanPass(pasted, 'hosted'), whoCanPass(pasted, 'any-branch')]).toEqual(['no', 'no']);
  });
});

test('claims are read under the names of the anchor; what it does not declare, or of another type, is left out', () => {
  const schema = {
    subject: { type: { type: 'string' }, required: true, identifies: true, from: 'sub' },
    level: { type: { type: 'long' }, required: false, identifies: false },
  } as const;
  expect(usedClaims(schema, { sub: 'a', level: 'high', extra: 1 })).toEqual({ subject: 'a' });
  expect(usedClaims(schema, { sub: 'a', level: 3 })).toEqual({ subject: 'a', level: 3 });
});

const vectors = join(
  resolve(root, process.env['WRIT_VECTORS'] ?? '../shared/vectors'),
  'claims/github-actions.json',
);
const present = existsSync(vectors);
if (!present) console.log('ABSENT: vectors claims/github-actions.json');
test.skipIf(!present)(
  'S1.7 recorded claims of GitHub Actions, each by itself, are narrowed and proved to be',
  () => {
    const recorded: readonly { claims: Record<string, unknown> }[] = JSON.parse(
      readFileSync(vectors, 'utf8'),
    );
    for (const { claims } of recorded) {
      const { verdict, strangers } = narrow(
        `repository_id: ${JSON.stringify(claims['repository_id'])}`,
        claims,
      );
      expect([strangers, verdict?.because]).toEqual([[], null]);
      expect(['narrower', 'same']).toContain(verdict?.verdict);
    }
  },
);

function fail(): never {
  throw new Error('nothing there');
}
