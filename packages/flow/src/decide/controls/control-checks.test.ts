import type { Facts } from '@writ/core';
import {
  AGENT_FLOW,
  DEPLOY_FLOW,
  DEVICE_FLOW,
  type Edit,
  type FlowName,
  goodFacts,
  IDENTITY_FLOW,
  type Installation,
  identityFacts,
  KEY_FLOW,
  loadAcme,
  NOON,
} from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import { CHECK_NAMES, type CheckName, CONTROL_CHECKS } from '../../artefact/control-check.ts';
import type { Context } from '../context.ts';
import { contextFor } from '../decide.ts';
import { ASSESS } from './control-checks.ts';

const DAY = 86_400;
const acme = loadAcme();
const CI = 'flows/ci-deploy-token.flow.yaml';
const AGENT = 'flows/agent-tool-identity.flow.yaml';
const KEY = 'flows/integration-api-key.flow.yaml';
const IDENTITY = 'flows/identity-issue.flow.yaml';

type Asked = FlowName | typeof IDENTITY_FLOW;
type Change = (facts: Facts) => Facts;

/** One request, and what one check makes of it. */
interface Row {
  readonly check: CheckName;
  readonly bound?: number;
  readonly flow?: Asked;
  readonly edits?: readonly Edit[];
  readonly facts?: Change;
  readonly outcome: 'pass' | 'fail' | 'not-applicable';
  readonly because: string;
}

function factsOf(flow: Asked, there: Installation): Facts {
  return flow === IDENTITY_FLOW ? identityFacts(there) : goodFacts(flow, there);
}

function withIdentity(change: Partial<NonNullable<Facts['identity']>>): Change {
  return (facts) =>
    facts.identity === null ? facts : { ...facts, identity: { ...facts.identity, ...change } };
}

function withRequest(change: Partial<Facts['request']>): Change {
  return (facts) => ({ ...facts, request: { ...facts.request, ...change } });
}

const nobody: Change = (facts) => ({ ...facts, people: [] });
const noEvidence: Change = (facts) => ({ ...facts, evidence: [] });
const noRight = withRequest({ right: 'gone' });

const ROWS: readonly Row[] = [
  {
    check: 'owner-and-deputy',
    outcome: 'pass',
    because: '`user:ana` owns it and `group:platform-security` is the deputy',
  },
  {
    check: 'owner-and-deputy',
    facts: nobody,
    outcome: 'fail',
    because: 'nobody is behind the owner `user:ana`',
  },
  {
    check: 'owner-and-deputy',
    facts: withIdentity({ deputy: 'group:gone' }),
    outcome: 'fail',
    because: 'nobody is behind the deputy `group:gone`',
  },
  {
    check: 'owner-and-deputy',
    facts: withIdentity({ deputy: 'user:ana' }),
    outcome: 'fail',
    because: 'the owner `user:ana` and the deputy `user:ana` are one person',
  },
  { check: 'purpose-recorded', outcome: 'pass', because: 'it is for `deploys the payments service`' },
  {
    check: 'purpose-recorded',
    facts: withIdentity({ purpose: ' ' }),
    outcome: 'fail',
    because: 'no purpose is recorded',
  },
  { check: 'kind-recorded', outcome: 'not-applicable', because: 'nothing more belongs to the kind workload' },
  {
    check: 'kind-recorded',
    flow: AGENT_FLOW,
    outcome: 'pass',
    because: 'task, data_sets, commands of the agent are recorded',
  },
  {
    check: 'kind-recorded',
    flow: AGENT_FLOW,
    facts: withIdentity({ attributes: { task: 't', data_sets: [], commands: [] } }),
    outcome: 'pass',
    because: 'task, data_sets, commands of the agent are recorded',
  },
  {
    check: 'kind-recorded',
    flow: AGENT_FLOW,
    facts: withIdentity({ attributes: { task: 't' } }),
    outcome: 'fail',
    because: 'data_sets, commands of the agent are not recorded',
  },
  {
    check: 'kind-recorded',
    flow: KEY_FLOW,
    facts: withIdentity({ attributes: { partner: 'p', contact: '', egress: 'e' } }),
    outcome: 'fail',
    because: 'contact of the integration is not recorded',
  },
  {
    check: 'ownership-proven',
    outcome: 'not-applicable',
    because: 'ownership is proven when the identity is registered',
  },
  {
    check: 'ownership-proven',
    flow: IDENTITY_FLOW,
    outcome: 'pass',
    because: 'policy.permit.owned-and-asked-for: facts.ownership.owner is "group:platform-security"',
  },
  {
    check: 'ownership-proven',
    flow: IDENTITY_FLOW,
    facts: withIdentity({ owner: 'user:rui' }),
    outcome: 'fail',
    because: 'no rule that permits compares `user:rui` with a fresh fact',
  },
  {
    check: 'ownership-proven',
    flow: IDENTITY_FLOW,
    edits: [[IDENTITY, 'facts.ownership.owner == identity.owner && ', '']],
    outcome: 'fail',
    because: 'no rule that permits compares `group:platform-security` with a fresh fact',
  },
  {
    check: 'ownership-proven',
    flow: IDENTITY_FLOW,
    edits: [
      [IDENTITY, 'facts.ownership.owner == identity.owner &&', 'identity.owner == facts.ownership.owner &&'],
    ],
    outcome: 'pass',
    because: 'policy.permit.owned-and-asked-for: facts.ownership.owner is "group:platform-security"',
  },
  {
    check: 'ownership-proven',
    flow: IDENTITY_FLOW,
    edits: [[IDENTITY, 'facts.ownership.owner == identity.owner &&', 'identity.owner == identity.owner &&']],
    outcome: 'fail',
    because: 'no rule that permits compares `group:platform-security` with a fresh fact',
  },
  {
    check: 'ownership-proven',
    flow: IDENTITY_FLOW,
    facts: (facts) => ({ ...facts, sources: {} }),
    outcome: 'fail',
    because: 'no rule that permits compares `group:platform-security` with a fresh fact',
  },
  {
    check: 'ownership-proven',
    flow: IDENTITY_FLOW,
    facts: (facts) => ({
      ...facts,
      sources: Object.fromEntries(
        Object.entries(facts.sources).map(([name, each]) => [name, { ...each, observedAt: NOON - 601_000 }]),
      ),
    }),
    outcome: 'fail',
    because: 'no rule that permits compares `group:platform-security` with a fresh fact',
  },
  {
    check: 'expiry-within',
    bound: 2_000 * DAY,
    outcome: 'pass',
    because: 'the identity ends 2030-01-01T00:00:00Z',
  },
  {
    check: 'expiry-within',
    bound: 365 * DAY,
    outcome: 'fail',
    because: 'the identity ends 2030-01-01T00:00:00Z, later than 365d from now',
  },
  {
    check: 'expiry-within',
    bound: 60,
    facts: withIdentity({ expires: NOON + 60_000 }),
    outcome: 'pass',
    because: 'the identity ends 2026-11-20T12:01:00Z',
  },
  {
    check: 'expiry-within',
    bound: 60,
    facts: withIdentity({ expires: NOON + 60_001 }),
    outcome: 'fail',
    because: 'the identity ends 2026-11-20T12:01:00Z, later than 1m from now',
  },
  {
    check: 'expiry-within',
    bound: 60,
    facts: withIdentity({ expires: NOON }),
    outcome: 'fail',
    because: 'the identity ended 2026-11-20T12:00:00Z',
  },
  {
    check: 'expiry-within',
    bound: 60,
    facts: withIdentity({ expires: Number.NaN }),
    outcome: 'fail',
    because: 'the identity ended NaN ms after 1970',
  },
  { check: 'lifetime-within', bound: 600, outcome: 'pass', because: 'the credential would live 10m' },
  {
    check: 'lifetime-within',
    bound: 599,
    outcome: 'fail',
    because: 'the credential would live 10m, more than 9m59s',
  },
  {
    check: 'lifetime-within',
    bound: 600,
    facts: withRequest({ ttl: Number.NaN }),
    outcome: 'fail',
    because: 'the credential would live NaN ms, more than 10m',
  },
  {
    check: 'lifetime-within',
    bound: 1,
    flow: IDENTITY_FLOW,
    outcome: 'not-applicable',
    because: 'the flow issues identity, and no credential',
  },
  {
    check: 'review-within',
    bound: 90 * DAY,
    flow: IDENTITY_FLOW,
    outcome: 'pass',
    because: 'it is reviewed every 90d and lives 365d at most',
  },
  {
    check: 'review-within',
    bound: 90 * DAY - 1,
    flow: IDENTITY_FLOW,
    outcome: 'fail',
    because: 'it is reviewed every 90d and lives 365d at most: neither is within 89d23h59m59s',
  },
  {
    check: 'review-within',
    bound: 900,
    outcome: 'pass',
    because: 'it is never reviewed and lives 15m at most',
  },
  {
    check: 'review-within',
    bound: 899,
    outcome: 'fail',
    because: 'it is never reviewed and lives 15m at most: neither is within 14m59s',
  },
  { check: 'revocation-path', outcome: 'pass', because: 'right payments-deploy: revoked by introspection' },
  {
    check: 'revocation-path',
    facts: noRight,
    outcome: 'fail',
    because: 'no right is used that would say how it is revoked',
  },
  {
    check: 'revocation-path',
    flow: IDENTITY_FLOW,
    outcome: 'not-applicable',
    because: 'the flow issues identity, and no credential',
  },
  {
    check: 'offboarding-revokes',
    outcome: 'pass',
    because: 'the flow revokes on owner.offboarded, anchor.withdrawn',
  },
  {
    check: 'offboarding-revokes',
    edits: [[CI, '[owner.offboarded, anchor.withdrawn]', '[anchor.withdrawn]']],
    outcome: 'fail',
    because: 'the flow revokes on anchor.withdrawn',
  },
  {
    check: 'offboarding-revokes',
    edits: [[CI, '[owner.offboarded, anchor.withdrawn]', '[]']],
    outcome: 'fail',
    because: 'the flow revokes on nothing',
  },
  { check: 'not-revoked-before', outcome: 'pass', because: 'the identity has not been revoked before' },
  {
    check: 'not-revoked-before',
    facts: withIdentity({ previouslyRevoked: true }),
    outcome: 'fail',
    because: 'the identity has been revoked before',
  },
  { check: 'scopes-within', bound: 1, outcome: 'pass', because: 'asked for deploy:read' },
  {
    check: 'scopes-within',
    bound: 1,
    facts: withRequest({ scopes: ['deploy:read', 'deploy:write'] }),
    outcome: 'fail',
    because: 'asked for deploy:read deploy:write: more than 1',
  },
  {
    check: 'scopes-within',
    bound: 1,
    facts: withRequest({ scopes: [] }),
    outcome: 'fail',
    because: 'no scope is named',
  },
  {
    check: 'scopes-within',
    bound: 1,
    facts: withRequest({ scopes: ['deploy:*'] }),
    outcome: 'fail',
    because: '`deploy:*` is a pattern and no scope',
  },
  { check: 'budget-set', outcome: 'pass', because: 'right payments-deploy: 600 each 1h, 200 alive' },
  { check: 'budget-set', flow: KEY_FLOW, outcome: 'fail', because: 'right billing-export-key has no budget' },
  {
    check: 'budget-set',
    facts: noRight,
    outcome: 'fail',
    because: 'no right is used that would have a budget',
  },
  {
    check: 'budget-set',
    flow: IDENTITY_FLOW,
    outcome: 'not-applicable',
    because: 'the flow issues identity, and no credential',
  },
  {
    check: 'environment-matches',
    outcome: 'pass',
    because: 'the identity is of `production`, as in request.target and evidence.github.environment',
  },
  {
    check: 'environment-matches',
    flow: DEVICE_FLOW,
    outcome: 'pass',
    because: 'the identity is of `production`, and nothing names another',
  },
  {
    check: 'environment-matches',
    facts: withRequest({ fields: { target: 'staging' } }),
    outcome: 'fail',
    because: 'the identity is of `production`, and request.target is `staging`',
  },
  {
    check: 'environment-matches',
    facts: withIdentity({ environment: 'staging' }),
    outcome: 'fail',
    because: 'the identity is of `staging`, and request.target is `production`',
  },
  {
    check: 'environment-matches',
    facts: withIdentity({ environment: '' }),
    outcome: 'fail',
    because: 'the identity is of no named environment',
  },
  {
    check: 'environment-matches',
    flow: IDENTITY_FLOW,
    facts: withRequest({ fields: { ticket: 'SEC-1', environments: ['staging', 'production'] } }),
    outcome: 'fail',
    because: 'the identity is of `staging`, and request.environments is `production`',
  },
  {
    check: 'environment-matches',
    edits: [[CI, '        environment: production\n', '']],
    facts: (facts) => ({
      ...facts,
      evidence: facts.evidence.map((each) => ({
        ...each,
        claims: { ...each.claims, environment: 'staging' },
      })),
    }),
    outcome: 'fail',
    because: 'the identity is of `production`, and evidence.github.environment is `staging`',
  },
  { check: 'assurance-at-least', bound: 2, outcome: 'pass', because: 'github is of assurance 2' },
  { check: 'assurance-at-least', bound: 3, outcome: 'fail', because: 'github is of assurance 2: below 3' },
  {
    check: 'assurance-at-least',
    bound: 3,
    flow: DEVICE_FLOW,
    edits: [['anchors/registry.yaml', 'assurance: 3', 'assurance: 2']],
    outcome: 'fail',
    because: 'tpm is of assurance 3, registry is of assurance 2: below 3',
  },
  {
    check: 'assurance-at-least',
    bound: 1,
    facts: noEvidence,
    outcome: 'fail',
    because: 'no evidence was accepted',
  },
  {
    check: 'workload-identified',
    outcome: 'pass',
    because: 'matched exactly: evidence.github.repository_id',
  },
  {
    check: 'workload-identified',
    flow: AGENT_FLOW,
    outcome: 'fail',
    because: 'no immutable id of agent, person is matched exactly',
  },
  {
    check: 'workload-identified',
    edits: [[CI, 'repository_id: "551237781"', 'repository_id: { one-of: ["551237781", "7"] }']],
    outcome: 'fail',
    because: 'no immutable id of github is matched exactly',
  },
  { check: 'workload-identified', facts: noEvidence, outcome: 'fail', because: 'no evidence was accepted' },
  {
    check: 'workload-identified',
    flow: KEY_FLOW,
    outcome: 'not-applicable',
    because: 'a person asks, and no workload',
  },
  { check: 'sender-constrained', outcome: 'pass', because: 'the flow binds to dpop or mtls' },
  {
    check: 'sender-constrained',
    flow: KEY_FLOW,
    outcome: 'fail',
    because: 'the flow issues what works for whoever holds it',
  },
  {
    check: 'sender-constrained',
    edits: [[CI, 'pop: [dpop, mtls]', 'pop: [dpop, none]']],
    outcome: 'fail',
    because: 'the flow issues what works for whoever holds it',
  },
  {
    check: 'sender-constrained',
    edits: [[CI, 'pop: [dpop, mtls]', 'pop: []']],
    outcome: 'fail',
    because: 'the flow binds to nothing',
  },
  {
    check: 'sender-constrained',
    flow: IDENTITY_FLOW,
    outcome: 'not-applicable',
    because: 'the flow issues identity, and no credential',
  },
  { check: 'no-human-delivery', outcome: 'pass', because: 'delivered to caller, never visible to a person' },
  {
    check: 'no-human-delivery',
    flow: KEY_FLOW,
    outcome: 'pass',
    because: 'delivered to kubernetes/payments, vault/billing, never visible to a person',
  },
  {
    check: 'no-human-delivery',
    flow: KEY_FLOW,
    edits: [[KEY, 'to: [kubernetes/payments, vault/billing]', 'to: [caller]']],
    outcome: 'fail',
    because: 'delivered to caller, who is a person of group:integration-developers',
  },
  {
    check: 'no-human-delivery',
    edits: [[CI, 'human-visible: never', 'human-visible: allowed']],
    outcome: 'fail',
    because: 'delivered to caller, and people may see it',
  },
  {
    check: 'no-human-delivery',
    flow: IDENTITY_FLOW,
    outcome: 'not-applicable',
    because: 'the flow issues identity, and no credential',
  },
  {
    check: 'approval-by-another',
    flow: IDENTITY_FLOW,
    outcome: 'pass',
    because: 'approval.owner-accepts asks owner, not the requester',
  },
  {
    check: 'approval-by-another',
    flow: IDENTITY_FLOW,
    edits: [
      [
        IDENTITY,
        'require: { from: owner, factor: webauthn, count: 1, not: [requester] }',
        'require: { from: owner, factor: webauthn, count: 1, not: none }',
      ],
    ],
    outcome: 'fail',
    because: 'the requester is not excluded from approval.owner-accepts',
  },
  {
    check: 'approval-by-another',
    flow: IDENTITY_FLOW,
    edits: [[IDENTITY, "when: 'true'", 'when: identity.kind == "agent"']],
    outcome: 'fail',
    because: 'no approval is demanded',
  },
  {
    check: 'approval-by-another',
    outcome: 'not-applicable',
    because: 'no approval is demanded: right payments-deploy is used',
  },
  {
    check: 'approval-by-another',
    flow: KEY_FLOW,
    facts: withRequest({ fields: { environment: 'production' } }),
    outcome: 'pass',
    because: 'approval.security-review-production asks group:security-reviewers, not the requester',
  },
  {
    check: 'approval-by-another',
    facts: (facts) => ({ ...facts, sources: {} }),
    outcome: 'fail',
    because: 'approval.out-of-hours: `facts.change_window` is absent',
  },
  {
    check: 'reviewer-demanded',
    flow: IDENTITY_FLOW,
    facts: withIdentity({ environment: 'production' }),
    outcome: 'pass',
    because: 'approval.security-review asks group:security-reviewers',
  },
  { check: 'reviewer-demanded', flow: IDENTITY_FLOW, outcome: 'fail', because: 'nobody of a group is asked' },
  {
    check: 'reviewer-demanded',
    flow: IDENTITY_FLOW,
    facts: withIdentity({ revisionReviewed: true }),
    outcome: 'fail',
    because: 'nobody of a group is asked',
  },
  {
    check: 'reviewer-demanded',
    flow: AGENT_FLOW,
    outcome: 'pass',
    because: 'revision 1 of the identity was reviewed',
  },
  {
    check: 'reviewer-demanded',
    flow: AGENT_FLOW,
    edits: [[AGENT, "when: '!identity.revision_reviewed'", 'when: identity.revision == 7']],
    facts: withIdentity({ revisionReviewed: false }),
    outcome: 'fail',
    because: 'nobody of a group is asked',
  },
  {
    check: 'reviewer-demanded',
    facts: (facts) => ({ ...facts, sources: {} }),
    outcome: 'fail',
    because: 'approval.out-of-hours: `facts.change_window` is absent',
  },
];

function installation({ edits = [] }: Pick<Row, 'edits'>): Installation {
  return edits.length === 0 ? acme : loadAcme(...edits);
}

function contextOf(row: Row): Context {
  const there = installation(row);
  const facts = factsOf(row.flow ?? DEPLOY_FLOW, there);
  const context = contextFor(there.set, row.facts === undefined ? facts : row.facts(facts), NOON);
  if (context === null) throw new Error('nothing is known of it');
  return context;
}

describe('the checks of controls', () => {
  test.each(ROWS)('S2.11 $check: $outcome where $because', (row) => {
    expect(ASSESS[row.check](contextOf(row), row.bound ?? 0)).toEqual({
      outcome: row.outcome,
      because: row.because,
    });
  });

  test.each(CHECK_NAMES)('%s is seen to pass and to fail', (name) => {
    const outcomes = ROWS.filter(({ check }) => check === name).map(({ outcome }) => outcome);
    expect(outcomes).toContain('pass');
    expect(outcomes).toContain('fail');
  });

  // Whoever compares two sets takes a control to judge alike where nothing that is declared here differs.
  test.each(CHECK_NAMES)('S3.12 %s reads no more of the artefacts than it declares', (name) => {
    const declared: readonly string[] = CONTROL_CHECKS[name].reads;
    for (const row of ROWS.filter(({ check }) => check === name)) {
      const read = new Set<string>();
      ASSESS[name](watched(contextOf(row), read), row.bound ?? 0);
      expect([...read].filter((each) => !declared.includes(each))).toEqual([]);
    }
  });
});

/** What reading a member of a context rests on, beside the facts. */
const RESTS_ON: Readonly<Record<string, readonly string[]>> = {
  proofs: ['proof', 'anchors', 'facts'],
  environment: ['proof', 'anchors', 'facts'],
  right: ['rights'],
  freezeScopes: ['rights', 'anchors'],
};

/** The same context, which notes what is read of it. */
function watched(context: Context, read: Set<string>): Context {
  const note =
    (names: (member: string) => readonly string[]) =>
    <T extends object>(of: T): T =>
      new Proxy(of, {
        get: (target, member) => {
          for (const name of names(String(member))) read.add(name);
          return Reflect.get(target, member);
        },
      });
  const definition = note((member) => [member])(context.flow.definition);
  // What a flow reads at all is asked of the facts that its conditions name, and those are declared with the conditions.
  const flow = note((member) =>
    ['permit', 'forbid'].includes(member) ? ['policy'] : member === 'approval' ? ['approval'] : [],
  )({ ...context.flow, definition });
  const set = note((member) => [member])(context.set);
  return note((member) => RESTS_ON[member] ?? [])({ ...context, flow, set });
}
