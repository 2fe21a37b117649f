import type { Bounds, Issue, Obligation, Refused, Verdict, Waiting } from '@writ/core';
import { expect, test } from 'vitest';
import { bothSay } from './both-say.ts';

const bounds: Bounds = {
  flow: { name: 'ci-deploy-token', version: 7, hash: 'f1' },
  right: 'payments-deploy',
  identity: { uri: 'spiffe://acme.example/workload/svc-payments', name: 'svc-payments', revision: 1 },
  owner: 'user:ana',
  purpose: 'deploys',
  environment: 'production',
  subject: 'spiffe://acme.example/workload/svc-payments',
  actor: null,
  audience: 'https://deploy.acme.example',
  scopes: ['deploy:read'],
  ttl: 600,
  notIssuedAfter: 7_200_000,
  fields: { target: 'production' },
  inToken: [],
  generate: {
    kind: 'token',
    alg: 'ES256',
    key: 'issuer-prod',
    parameters: { format: 'jwt', alg: 'ES256', key: 'issuer-prod' },
  },
  holder: { pop: 'dpop', thumbprint: 'jkt' },
  pop: ['dpop'],
  source: null,
  deliver: ['caller'],
  activate: 'issued',
  proven: [{ proof: 'github', anchor: 'github-actions/acme', digest: 'd', assurance: 2 }],
  projections: [],
  assurance: 2,
  freezeScopes: ['everything'],
  unattended: true,
  proposal: null,
};
const spent = (key: string) => ({ key, holder: null, until: 1 });

function issue(changes: Partial<Bounds> = {}, more: Partial<Issue> = {}): Issue {
  return {
    outcome: 'issue',
    artefacts: 'a1',
    bounds: { ...bounds, ...changes },
    expect: [{ kind: 'cell', cell: 'artefacts', is: 'a1' }],
    consume: [spent('evidence')],
    decidedBy: ['proof.github'],
    ...more,
  };
}

const obligation = (rule: string): Obligation => ({
  kind: 'approval',
  rule,
  from: 'group:release-managers',
  count: 1,
  missing: 1,
  factor: null,
  not: [],
  expires: 7_200_000,
  unsatisfiable: null,
  digest: 'd',
  envelope: null,
});
function waiting(rules: readonly string[], changes: Partial<Bounds> = {}): Waiting {
  const obligations = rules.map(obligation);
  return {
    outcome: 'waiting',
    artefacts: 'a2',
    bounds: { ...bounds, ...changes },
    obligations,
    decidedBy: [],
  };
}
const refused = (rule: string): Refused => ({
  outcome: 'refused',
  reasons: [{ stage: 'policy', rule, message: 'no' }],
  disclose: true,
});
const ruleOf = (verdict: Verdict): string | null =>
  verdict.outcome === 'refused' ? verdict.reasons[0].rule : null;

test('law 7 both must say issue', () => {
  expect(bothSay(issue(), issue()).outcome).toBe('issue');
  expect(ruleOf(bothSay(refused('pinned'), issue()))).toBe('pinned');
  expect(ruleOf(bothSay(issue(), refused('current')))).toBe('current');
  expect(ruleOf(bothSay(refused('pinned'), refused('current')))).toBe('current');
  expect(ruleOf(bothSay(waiting(['a']), refused('current')))).toBe('current');
  expect(ruleOf(bothSay(refused('pinned'), waiting(['a'])))).toBe('pinned');
});

test('law 7 what one of them still waits for is waited for', () => {
  for (const verdict of [bothSay(waiting(['a']), issue()), bothSay(issue(), waiting(['a']))]) {
    expect(verdict).toMatchObject({ outcome: 'waiting', obligations: [{ rule: 'a' }] });
  }
});

test('law 7 an obligation of both is one, in the words of what is in force', () => {
  const current = waiting(['a', 'b']);
  const verdict = bothSay(waiting(['c', 'a']), current);
  expect(verdict.outcome === 'waiting' ? verdict.obligations.map(({ rule }) => rule).toSorted() : []).toEqual(
    ['a', 'b', 'c'],
  );
});

test.each([
  [300, 600],
  [600, 300],
])('law 7 of the lives %i and %i the shorter is granted', (pinned, current) => {
  expect(bothSay(issue({ ttl: pinned }), issue({ ttl: current }))).toMatchObject({ bounds: { ttl: 300 } });
});

test('law 7 the preconditions are those of what is in force, and so is what was proven', () => {
  const current = issue(
    { proven: [] },
    { artefacts: 'a2', expect: [{ kind: 'cell', cell: 'artefacts', is: 'a2' }] },
  );
  expect(bothSay(issue(), current)).toMatchObject({
    artefacts: 'a2',
    expect: current.expect,
    bounds: { proven: [] },
  });
});

test('law 7 evidence that either would spend is spent, once', () => {
  const verdict = bothSay(
    issue({}, { consume: [spent('a'), spent('b')] }),
    issue({}, { consume: [spent('b'), spent('c')] }),
  );
  expect(verdict.outcome === 'issue' ? verdict.consume.map(({ key }) => key).toSorted() : []).toEqual([
    'a',
    'b',
    'c',
  ]);
});

const LATER: readonly (readonly [what: string, changes: Partial<Bounds>])[] = [
  ['kind', { generate: { ...bounds.generate, kind: 'x509' } }],
  [
    'key',
    { generate: { ...bounds.generate, parameters: { ...bounds.generate.parameters, key: 'issuer-test' } } },
  ],
  [
    'algorithm',
    { generate: { ...bounds.generate, parameters: { ...bounds.generate.parameters, alg: 'Ed25519' } } },
  ],
  ['fields in the token', { inToken: ['target'] }],
  ['binding', { pop: ['dpop', 'mtls'] }],
  ['source', { source: '192.0.2.0/24' }],
  ['delivery', { deliver: ['caller', 'vault'] }],
  ['activation', { activate: 'confirmed' }],
];

test.each(LATER)('law 7 another %s ends the run, from either side', (_what, changes) => {
  for (const verdict of [
    bothSay(issue(changes), issue()),
    bothSay(issue(), issue(changes)),
    bothSay(waiting(['a'], changes), issue()),
  ]) {
    expect(ruleOf(verdict)).toBe('flow-changed');
  }
});

test('law 7 parameters in another order are the same parameters', () => {
  const { parameters } = bounds.generate;
  const turned = Object.fromEntries(Object.entries(parameters).toReversed());
  expect(bothSay(issue(), issue({ generate: { ...bounds.generate, parameters: turned } })).outcome).toBe(
    'issue',
  );
});
