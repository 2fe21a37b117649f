import { type Approval, type Facts, NO_ENTITLEMENT } from '@writ/core';
import {
  AGENT_FLOW,
  DEPLOY_FLOW,
  DEVICE_FLOW,
  type Edit,
  FLOWS,
  type FlowName,
  goodFacts,
  type Installation,
  identityFacts,
  KEY_FLOW,
  loadAcme,
  NOON,
  neverFrozen,
  personEvidence,
} from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import { CHECKS, decide, decideBy } from './decide.ts';

const acme = loadAcme();
const CI = 'flows/ci-deploy-token.flow.yaml';
const AGENT = 'flows/agent-tool-identity.flow.yaml';

/** One way in which good facts are no longer good. */
interface Bad {
  readonly check: string;
  readonly name: string;
  readonly flow?: FlowName;
  readonly edits?: readonly Edit[];
  readonly facts?: (good: Facts) => Facts;
  readonly now?: number;
  /** stage and rule of the refusal */
  readonly refused: string;
  /** other checks refuse it as well, so that it does not show this one alone to be decisive */
  readonly guardedTwice?: true;
}

function withRequest(change: Partial<Facts['request']>): (good: Facts) => Facts {
  return (good) => ({ ...good, request: { ...good.request, ...change } });
}

function withIdentity(change: Partial<NonNullable<Facts['identity']>>): (good: Facts) => Facts {
  return (good) => (good.identity === null ? good : { ...good, identity: { ...good.identity, ...change } });
}

function withEvidence(change: Partial<Facts['evidence'][number]>, at = 0): (good: Facts) => Facts {
  return (good) => ({
    ...good,
    evidence: good.evidence.map((each, i) => (i === at ? { ...each, ...change } : each)),
  });
}

function withClaims(change: Readonly<Record<string, string>>, at = 0): (good: Facts) => Facts {
  return (good) => withEvidence({ claims: { ...good.evidence[at]?.claims, ...change } }, at)(good);
}

function withSource(name: string, change: Partial<Facts['sources'][string]>): (good: Facts) => Facts {
  return (good) => {
    const before = good.sources[name];
    return before === undefined
      ? good
      : { ...good, sources: { ...good.sources, [name]: { ...before, ...change } } };
  };
}

function frozen(scope: string, cell = '1 frozen'): (good: Facts) => Facts {
  return (good) => ({ ...good, freezes: { ...good.freezes, [scope]: cell } });
}

/** A value of another type than the code was compiled for: what a hole elsewhere might let through. */
function strange(value: unknown): never {
  return value as never;
}

const right = (from: string, to: string): Edit => ['rights/deploy.yaml', from, to];
const SECOND = 1000;

const BAD: readonly Bad[] = [
  ...[
    'everything',
    'identity:svc-payments',
    'owner:user:ana',
    'flow:ci-deploy-token',
    'right:payments-deploy',
  ]
    .concat('anchor:github-actions/acme')
    .map((scope): Bad => {
      return {
        check: 'gate',
        name: `frozen: ${scope}`,
        facts: frozen(scope),
        refused: 'request gate.freeze',
      };
    }),
  {
    check: 'gate',
    name: 'frozen: an integration by that name',
    flow: KEY_FLOW,
    facts: frozen('integration:billing-export'),
    refused: 'request gate.freeze',
  },
  {
    check: 'gate',
    name: 'a freeze whose cell cannot be read',
    facts: frozen('everything', 'thawed, I think'),
    refused: 'request gate.freeze',
  },
  {
    check: 'gate',
    name: 'a scope whose state was not read',
    facts: (good) => ({
      ...good,
      freezes: Object.fromEntries(Object.entries(good.freezes).filter(([scope]) => scope !== 'everything')),
    }),
    refused: 'request gate.freeze',
  },
  {
    check: 'gate',
    name: 'the anchor of evidence that matches nothing',
    facts: (good) => frozen('anchor:github-actions/acme')(withClaims({ ref: 'refs/heads/main' })(good)),
    refused: 'request gate.freeze',
    guardedTwice: true,
  },
  {
    check: 'opened',
    name: 'a run nobody knows the opening of',
    facts: (good) => ({ ...good, openedAt: Number.NaN }),
    refused: 'request run',
  },
  {
    check: 'identityStands',
    name: 'S1.9 no owner',
    facts: (good) => {
      const orphan = withIdentity({ owner: '' })(good);
      return { ...orphan, freezes: neverFrozen(orphan) };
    },
    refused: 'request identity.owner',
  },
  ...(['pending', 'suspended', 'retired', strange('Active'), strange('')] as const).map(
    (status): Bad => ({
      check: 'identityStands',
      name: `an identity that is \`${status}\``,
      facts: withIdentity({ status }),
      refused: 'request identity.status',
    }),
  ),
  {
    check: 'identityStands',
    name: 'an identity of no known kind',
    flow: DEVICE_FLOW,
    facts: withIdentity({ kind: strange('toaster') }),
    refused: 'request identity.kind',
    guardedTwice: true,
  },
  {
    check: 'identityStands',
    name: 'an identity in the millisecond of its end',
    facts: withIdentity({ expires: NOON }),
    refused: 'request identity.expires',
    guardedTwice: true,
  },
  {
    check: 'rightStands',
    name: 'S4.11 a suspended right',
    edits: [right('    max-ttl: 15m\n', '    max-ttl: 15m\n    suspended: true\n')],
    refused: 'request right.payments-deploy',
  },
  {
    check: 'rightStands',
    name: 'S4.1 a right that ends at this moment',
    edits: [right('expires: 2030-01-01T00:00:00Z', 'expires: 2026-11-20T12:00:00Z')],
    refused: 'request right.payments-deploy',
  },
  {
    check: 'rightStands',
    name: 'S4.4 a scope the right does not cover',
    edits: [right('scopes: ["deploy:read", "deploy:write"]', 'scopes: ["deploy:write"]')],
    refused: 'request right.payments-deploy',
  },
  {
    check: 'rightStands',
    name: 'an empty list of scopes in the right',
    edits: [right('scopes: ["deploy:read", "deploy:write"]', 'scopes: []')],
    refused: 'request right.payments-deploy',
  },
  {
    check: 'scopes',
    name: 'no scope at all is never all scopes',
    facts: withRequest({ scopes: [] }),
    refused: 'request request.scopes',
  },
  {
    check: 'scopes',
    name: 'C5 a scope beyond the list of the flow',
    edits: [[CI, 'subset-of: ["deploy:write", "deploy:read"]', 'subset-of: ["deploy:write"]']],
    refused: 'request request.scopes',
  },
  {
    check: 'fields',
    name: 'a field that is missing',
    facts: withRequest({ fields: {} }),
    refused: 'request request.fields.target',
    guardedTwice: true,
  },
  {
    check: 'fields',
    name: 'a field that nobody declared',
    facts: withRequest({ fields: { target: 'production', debug: true } }),
    refused: 'request request.fields.debug',
  },
  {
    check: 'fields',
    name: 'a field on Object.prototype',
    facts: withRequest({ fields: { target: 'production', constructor: 'x' } }),
    refused: 'request request.fields.constructor',
  },
  {
    check: 'fields',
    name: 'a text outside its list',
    facts: withRequest({ fields: { target: 'Production' } }),
    refused: 'request request.fields.target',
    guardedTwice: true,
  },
  {
    check: 'fields',
    name: 'a text that is too long',
    flow: AGENT_FLOW,
    facts: withRequest({ fields: { task: 'x'.repeat(501), data_sets: [] } }),
    refused: 'request request.fields.task',
  },
  {
    check: 'fields',
    name: 'a text with half a surrogate pair',
    flow: AGENT_FLOW,
    facts: withRequest({ fields: { task: '\ud800', data_sets: [] } }),
    refused: 'request request.fields.task',
    guardedTwice: true,
  },
  {
    check: 'fields',
    name: 'a set with half a surrogate pair',
    flow: AGENT_FLOW,
    facts: withRequest({ fields: { task: 'x', data_sets: ['\udc00'] } }),
    refused: 'request request.fields.data_sets',
    guardedTwice: true,
  },
  ...[7, true, ['x']].map(
    (task): Bad => ({
      check: 'fields',
      name: `${JSON.stringify(task)} where a text belongs`,
      flow: AGENT_FLOW,
      facts: withRequest({ fields: { task, data_sets: [] } }),
      refused: 'request request.fields.task',
    }),
  ),
  ...['crm-public', 7, true].map(
    (sets): Bad => ({
      check: 'fields',
      name: `${JSON.stringify(sets)} where a list belongs`,
      flow: AGENT_FLOW,
      facts: withRequest({ fields: { task: 'x', data_sets: sets } }),
      refused: 'request request.fields.data_sets',
      guardedTwice: true,
    }),
  ),
  {
    check: 'fields',
    name: 'a set with a member beyond its list',
    flow: AGENT_FLOW,
    edits: [['entitlements.yaml', 'data-sets: [crm-public, crm-eu]', 'data-sets: [crm-public, crm-eu, hr]']],
    facts: withRequest({ fields: { task: 'x', data_sets: ['crm-public', 'hr'] } }),
    refused: 'request request.fields.data_sets',
  },
  {
    check: 'ttl',
    name: 'beyond what the flow grants',
    facts: withRequest({ ttl: 901 }),
    refused: 'request request.ttl',
  },
  {
    check: 'ttl',
    name: 'beyond the longest life in the flow',
    edits: [[CI, 'max-lifetime: 15m', 'max-lifetime: 5m']],
    facts: withRequest({ ttl: 301 }),
    refused: 'request lifecycle.max-lifetime',
  },
  {
    check: 'ttl',
    name: 'beyond what the right grants',
    edits: [right('max-ttl: 15m', 'max-ttl: 1m')],
    facts: withRequest({ ttl: 61 }),
    refused: 'request right.payments-deploy',
  },
  {
    check: 'ttl',
    name: 'S3.13 beyond what a guardrail allows',
    edits: [['guardrails.yaml', 'max-ttl: 1h', 'max-ttl: 2m']],
    facts: withRequest({ ttl: 121 }),
    refused: 'request guardrail.production-tokens-live-an-hour',
  },
  {
    check: 'ttl',
    name: 'S1.14 beyond the end of the identity',
    facts: (good) => withRequest({ ttl: 60 })(withIdentity({ expires: NOON + 60 * SECOND - 1 })(good)),
    refused: 'request identity.expires',
  },
  {
    check: 'ttl',
    name: 'X9 beyond the longest life of the lineage',
    flow: AGENT_FLOW,
    facts: (good) =>
      withRequest({ ttl: 61 })({
        ...good,
        lineage: { follows: 'run_1', firstIssuedAt: NOON - 8 * 3600 * SECOND + 60 * SECOND },
      }),
    refused: 'request lifecycle.max-lifetime',
  },
  {
    check: 'ttl',
    name: 'nothing left of the life of the lineage',
    flow: AGENT_FLOW,
    facts: (good) => ({
      ...good,
      lineage: { follows: 'run_1', firstIssuedAt: NOON - 8 * 3600 * SECOND },
    }),
    refused: 'request request.ttl',
  },
  ...[0, -1, 0.5, 1.5, Number.NaN, Number.POSITIVE_INFINITY].map(
    (seconds): Bad => ({
      check: 'ttl',
      name: `a life of ${seconds} s`,
      facts: withRequest({ ttl: seconds }),
      refused: 'request request.ttl',
      guardedTwice: true,
    }),
  ),
  {
    check: 'entitled',
    name: 'X3 an audience beyond the entitlement',
    edits: [['entitlements.yaml', '["https://deploy.acme.example", "https://artifacts.acme.example"]', '[]']],
    refused: 'request entitlement.audiences',
  },
  {
    check: 'entitled',
    name: 'S1.14 a scope beyond the entitlement',
    edits: [['entitlements.yaml', 'scopes: ["deploy:read", "deploy:write"]', 'scopes: ["deploy:write"]']],
    refused: 'request entitlement.scopes',
  },
  {
    check: 'entitled',
    name: 'an environment beyond the entitlement',
    edits: [['entitlements.yaml', 'environments: [staging, production]', 'environments: [staging]']],
    refused: 'request entitlement.environments',
  },
  {
    check: 'entitled',
    name: 'S2.8 a data set beyond the entitlement',
    flow: AGENT_FLOW,
    facts: withRequest({ fields: { task: 'x', data_sets: ['crm-public', 'tickets'] } }),
    refused: 'request entitlement.dataSets',
  },
  {
    check: 'entitled',
    name: 'S2.8 a command beyond the entitlement',
    flow: AGENT_FLOW,
    facts: withRequest({ fields: { task: 'x', data_sets: [], commands: ['npm test'] } }),
    refused: 'request entitlement.commands',
  },
  {
    check: 'entitled',
    name: 'S2.1 no entitlement at all',
    facts: withIdentity({ entitlement: NO_ENTITLEMENT }),
    refused: 'request entitlement.audiences',
  },
  {
    check: 'proofStage',
    name: 'S1.4 evidence below the assurance of the flow',
    flow: DEVICE_FLOW,
    facts: withEvidence({ assurance: 2 }, 1),
    refused: 'proof proof.min-assurance',
  },
  {
    check: 'proofStage',
    name: 'evidence of an assurance that does not exist',
    flow: DEVICE_FLOW,
    facts: withEvidence({ assurance: strange(4) }, 1),
    refused: 'proof proof.min-assurance',
  },
  {
    check: 'proofStage',
    name: 'evidence that claims more than its anchor is believed now',
    flow: DEVICE_FLOW,
    edits: [['anchors/registry.yaml', 'assurance: 3', 'assurance: 2']],
    refused: 'proof proof.min-assurance',
  },
  {
    check: 'proofStage',
    name: 'S0.9 an unregistered device',
    flow: DEVICE_FLOW,
    facts: withClaims({ state: 'lost' }, 1),
    refused: 'proof proof.registry.state',
  },
  {
    check: 'proofStage',
    name: 'S0.9 the registration of another device',
    flow: DEVICE_FLOW,
    facts: withClaims({ serial: 'SN-0043' }, 1),
    refused: 'proof proof.registry.serial',
  },
  {
    check: 'proofStage',
    name: 'one of two demanded proofs',
    flow: DEVICE_FLOW,
    facts: (good) => ({ ...good, evidence: good.evidence.slice(0, 1) }),
    refused: 'proof proof.registry',
  },
  {
    check: 'proofStage',
    name: 'evidence beside what is asked for',
    facts: (good) => {
      const more = { ...good, evidence: [...good.evidence, personEvidence()] };
      return { ...more, freezes: neverFrozen(more) };
    },
    refused: 'proof proof',
  },
  {
    check: 'proofStage',
    name: 'two tokens for one proof',
    facts: (good) => ({
      ...good,
      evidence: good.evidence.flatMap((each) => [
        each,
        { ...each, tokenId: 'another', digest: 'b'.repeat(64) },
      ]),
    }),
    refused: 'proof proof',
  },
  {
    check: 'proofStage',
    name: 'evidence in another role',
    facts: withEvidence({ role: 'actor' }),
    refused: 'proof proof',
    guardedTwice: true,
  },
  {
    check: 'proofStage',
    name: 'S1.7 G5 a fork',
    facts: withClaims({ ref: 'refs/pull/3/merge' }),
    refused: 'proof proof.github.ref',
    guardedTwice: true,
  },
  {
    check: 'proofStage',
    name: 'G6 the same name under another immutable id',
    facts: withClaims({ repository_id: '999999999' }),
    refused: 'proof proof.github.repository_id',
    guardedTwice: true,
  },
  {
    check: 'proofStage',
    name: 'S4.7 a hosted runner',
    facts: withClaims({ runner_environment: 'github-hosted' }),
    refused: 'proof proof.github.runner_environment',
    guardedTwice: true,
  },
  {
    check: 'proofStage',
    name: 'evidence older than the flow accepts',
    flow: DEVICE_FLOW,
    facts: withEvidence({ issuedAt: NOON - 601 * SECOND }, 1),
    refused: 'proof proof.registry',
  },
  {
    check: 'proofStage',
    name: 'evidence in the millisecond of its end',
    flow: DEVICE_FLOW,
    facts: withEvidence({ expiresAt: NOON }, 1),
    refused: 'proof proof.registry',
  },
  {
    check: 'replayStage',
    name: 'G13 evidence that cannot be told from its repetition',
    facts: withEvidence({ tokenId: null }),
    refused: 'proof proof.replay',
  },
  {
    check: 'replayStage',
    name: 'evidence with an empty `jti`',
    facts: withEvidence({ tokenId: '' }),
    refused: 'proof proof.replay',
  },
  {
    check: 'asker',
    name: 'S0.2 a person outside the group that may ask',
    flow: KEY_FLOW,
    facts: (good) => ({ ...good, evidence: [personEvidence('mei-9d20')] }),
    refused: 'request request.by',
  },
  {
    check: 'asker',
    name: 'somebody who is linked to no person',
    flow: KEY_FLOW,
    facts: (good) => ({ ...good, evidence: [personEvidence('nobody')] }),
    refused: 'request request.by',
  },
  {
    check: 'asker',
    name: 'a member of the group as another issuer knows them',
    flow: KEY_FLOW,
    facts: (good) => ({
      ...good,
      evidence: [personEvidence('ana-7f3c', { issuer: 'https://evil.example' })],
    }),
    refused: 'request request.by',
  },
  {
    check: 'asker',
    name: 'an identity of a kind the flow is not for',
    facts: withIdentity({ kind: 'service-account' }),
    refused: 'request request.by',
  },
  {
    check: 'factStage',
    name: 'S2.4 a fact older than the flow accepts',
    facts: withSource('calendar/release', { observedAt: NOON - 300_001 }),
    refused: 'policy facts.change_window',
  },
  {
    check: 'factStage',
    name: 'a fact observed at no time',
    facts: withSource('calendar/release', { observedAt: Number.NaN }),
    refused: 'policy facts.change_window',
  },
  {
    check: 'factStage',
    name: 'a fact outside its list',
    edits: [[CI, 'facts.change_window != "open"', 'facts.change_window == "closed"']],
    facts: withSource('calendar/release', { value: 'ajar' }),
    refused: 'policy facts.change_window',
  },
  {
    check: 'factStage',
    name: 'an absent fact that `&&` would not reach',
    facts: (good) => withRequest({ fields: { target: 'staging' } })({ ...good, sources: {} }),
    refused: 'policy facts.change_window',
  },
  {
    check: 'guardrails',
    name: 'S3.13 a binding no guardrail allows',
    edits: [[CI, 'pop: [dpop, mtls]', 'pop: [dpop, none]']],
    facts: (good) => ({ ...good, holder: null }),
    refused: 'policy guardrail.production-tokens-are-bound',
  },
  {
    check: 'guardrails',
    name: 'S3.13 evidence weaker than a guardrail allows',
    edits: [
      [CI, 'min-assurance: 2', 'min-assurance: 1'],
      ['anchors/github-actions.yaml', 'assurance: 2', 'assurance: 1'],
    ],
    refused: 'policy guardrail.production-needs-signed-evidence',
  },
  {
    check: 'controls',
    name: 'S2.11 what fails a control that is enforced',
    edits: [['packs/owasp-nhi-2025.yaml', 'title: Environment Isolation', 'title: x\n    enforce: true']],
    facts: withRequest({ fields: { target: 'staging' } }),
    refused: 'policy pack.owasp-nhi.NHI8:2025',
  },
  {
    check: 'policyStage',
    name: 'G5 code of ours run for a fork',
    facts: withClaims({ event_name: 'pull_request_target' }),
    refused: 'policy policy.forbid.base-code-for-a-fork',
  },
  {
    check: 'policyStage',
    name: 'writing from where nothing is protected',
    facts: (good) => withRequest({ scopes: ['deploy:write'] })(withClaims({ ref_protected: 'false' })(good)),
    refused: 'policy policy.forbid.write-only-from-protected',
  },
  {
    check: 'policyStage',
    name: 'S3.8 a risk no rule permits',
    flow: AGENT_FLOW,
    edits: [[AGENT, 'when: facts.risk.score >= 30 || facts.workspace.kind != "managed"', 'when: "false"']],
    facts: withSource('risk/agents', { value: { score: 70 } }),
    refused: 'policy policy.forbid.never-above-seventy',
  },
  {
    check: 'policyStage',
    name: 'no permit at all',
    edits: [
      [
        CI,
        `    - id: release-to-production
      when: request.target == "production"
    - id: release-to-staging
      when: request.target == "staging"
`,
        '    []\n',
      ],
    ],
    refused: 'policy policy.permit',
  },
  {
    check: 'bindStage',
    name: 'S4.3 a key of another kind than the flow binds to',
    edits: [['guardrails.yaml', 'pop: [dpop, mtls]', 'pop: [dpop, mtls, tpm-key]']],
    facts: (good) => ({ ...good, holder: { pop: 'tpm-key', thumbprint: 'x' } }),
    refused: 'bind bind.pop',
  },
  {
    check: 'bindStage',
    name: 'a key without a thumbprint',
    facts: (good) => ({ ...good, holder: { pop: 'dpop', thumbprint: '' } }),
    refused: 'bind bind.pop',
  },
  {
    check: 'bindStage',
    name: 'S0.9 no key where one is demanded',
    flow: DEVICE_FLOW,
    facts: (good) => ({ ...good, holder: null }),
    refused: 'bind bind.pop',
  },
  {
    check: 'firstKeyStage',
    name: 'G13 a token handed out repeatedly, without a key',
    flow: AGENT_FLOW,
    edits: [
      [AGENT, 'tier: 1', 'tier: 2'],
      [AGENT, 'pop: [dpop]', 'pop: [dpop, none]'],
    ],
    facts: (good) => ({ ...good, holder: null }),
    refused: 'bind proof.replay',
  },
  {
    check: 'deliverStage',
    name: 'a flow that delivers nowhere',
    edits: [[CI, 'to: [caller]', 'to: []']],
    refused: 'deliver deliver.to',
  },
  ...(
    [
      ['S0.8 an owner whom nobody is behind', { owner: 'group:gone' }, 'identity.owner'],
      ['S2.4 a deputy whom nobody is behind', { deputy: 'user:gone' }, 'identity.deputy'],
      ['a revision that is not the next one', { revision: 2 }, 'identity.revision'],
      [
        'S2.1 more than is asked for',
        { entitlement: { ...NO_ENTITLEMENT, audiences: ['https://deploy.acme.example'] } },
        'identity.entitlement',
      ],
    ] as const
  ).map(
    ([name, change, rule]): Bad => ({
      check: 'proposed',
      name,
      facts: () => agreed(identityFacts(acme, change), !('owner' in change) ? 'user:mei' : null),
      refused: `request ${rule}`,
      ...(!('owner' in change) ? {} : { guardedTwice: true }),
    }),
  ),
];

/** Everybody who is asked has agreed. */
function agreed(facts: Facts, owner: string | null): Facts {
  const others = CHECKS.filter(({ name }) => name !== 'proposed');
  const verdict = decideBy(others, acme.set, facts, NOON);
  if (verdict.outcome !== 'waiting' || owner === null) return facts;
  const approvals = verdict.obligations.map(
    ({ rule, digest, envelope }): Approval => ({
      rule,
      person: owner,
      factor: 'webauthn',
      digest,
      decision: 'approve',
      at: NOON,
      envelope,
    }),
  );
  return { ...facts, approvals };
}

function installation({ edits = [] }: Bad): Installation {
  return edits.length === 0 ? acme : loadAcme(...edits);
}

function factsOf(bad: Bad, there: Installation): Facts {
  const good = goodFacts(bad.flow ?? DEPLOY_FLOW, there);
  return bad.facts === undefined ? good : bad.facts(good);
}

function outcome(bad: Bad, checks = CHECKS): string {
  const there = installation(bad);
  const verdict = decideBy(checks, there.set, factsOf(bad, there), bad.now ?? NOON);
  return verdict.outcome === 'refused'
    ? `${verdict.reasons[0].stage} ${verdict.reasons[0].rule}`
    : verdict.outcome;
}

describe('the checks', () => {
  test.each(FLOWS)('good facts of %s pass every one of them', (flow) => {
    expect(decide(acme.set, goodFacts(flow, acme), NOON)).toMatchObject({ outcome: 'issue' });
  });

  test.each(BAD)('$check refuses $name', (bad) => {
    expect(outcome(bad)).toBe(bad.refused);
  });
});

describe('sabotage', () => {
  // The audience of a loaded set cannot fail: a right names one of its flow's audiences, or does not load.
  const audience: Bad = {
    check: 'audience',
    name: 'R2 an audience the flow does not issue for',
    refused: 'request request.audience',
  };
  const otherAudience = (): Installation => {
    const flow = acme.set.flows.get(DEPLOY_FLOW);
    if (flow === undefined) throw new Error('no flow');
    const request = { ...flow.definition.request, audience: ['https://artifacts.acme.example'] };
    const flows = new Map(acme.set.flows).set(DEPLOY_FLOW, {
      ...flow,
      definition: { ...flow.definition, request },
    });
    return { ...acme, set: { ...acme.set, flows } };
  };

  test(`${audience.check} refuses ${audience.name}`, () => {
    const there = otherAudience();
    const verdict = decide(there.set, goodFacts(DEPLOY_FLOW, there), NOON);
    expect(verdict).toMatchObject({ outcome: 'refused', reasons: [{ rule: 'request.audience' }] });
  });

  test.each(CHECKS.map((check) => [check.name, check] as const))(
    'without %s something bad is issued: every check is decisive',
    (name, check) => {
      const rest = CHECKS.filter((each) => each !== check);
      const there = otherAudience();
      const shown = [
        ...BAD.filter((bad) => bad.check === name && bad.guardedTwice === undefined).map((bad) =>
          outcome(bad, rest),
        ),
        ...(name === 'audience'
          ? [decideBy(rest, there.set, goodFacts(DEPLOY_FLOW, there), NOON).outcome]
          : []),
      ];
      expect(shown).not.toEqual([]);
      expect(shown.filter((each) => each !== 'issue' && each !== 'waiting')).toEqual([]);
    },
  );

  test('every case belongs to a check there is', () => {
    const names = CHECKS.map(({ name }) => name);
    expect(BAD.filter(({ check }) => !names.includes(check))).toEqual([]);
  });
});
