import type { Stage } from '@writ/core';
import { describe, expect, test } from 'vitest';
import { alone, expectReplayed, type FlowName, plainFlow } from './fixture.test.ts';
import { compareUnder, type Outcome } from './index.ts';
import { type Plain, patched, type Step } from './json-patch.test.ts';

const AGENT = 'agent-tool-identity';
const CI = 'ci-deploy-token';
const DEVICE = 'device-certificate';
const KEY = 'integration-api-key';

function set(path: string, value: Plain): Step {
  return { op: 'replace', path, value };
}
function add(path: string, value: Plain): Step {
  return { op: 'add', path, value };
}
function drop(path: string): Step {
  return { op: 'remove', path };
}

type Change = readonly [flow: FlowName, change: string, steps: readonly Step[], stage: Stage];

/** A second proof beside the first, on an anchor of its own. */
const GITLAB: Plain = {
  id: 'gitlab',
  anchor: 'gitlab-ci/acme',
  'max-age': '5m',
  match: { project_id: '7', ref_protected: 'true' },
};
const GUARDED: readonly Step[] = [
  set('/policy/forbid/0/when', 'evidence has github && evidence.github.event_name == "pull_request_target"'),
  set(
    '/policy/forbid/1/when',
    'request.scopes.contains("deploy:write") && !(evidence has github && evidence.github has ref_protected && evidence.github.ref_protected == "true")',
  ),
];

/** Every one of these lets something through that was refused; turned round, each takes something away. */
const WIDENINGS: readonly Change[] = [
  // request
  [AGENT, 'ttl doubled', [set('/request/ttl/max', '1h')], 'request'],
  [AGENT, 'ttl one second longer', [set('/request/ttl/max', '1801s')], 'request'],
  [
    KEY,
    'ttl and lifetime one second longer',
    [set('/request/ttl/max', '7776001s'), set('/lifecycle/max-lifetime', '7776001s')],
    'request',
  ],
  [CI, 'another audience', [add('/request/audience/one-of/-', 'https://b.acme.example')], 'request'],
  [DEVICE, 'another scope', [add('/request/scopes/subset-of/-', 'device:admin')], 'request'],
  [CI, 'another kind may ask', [add('/request/by/kinds/-', 'service-account')], 'request'],
  [
    KEY,
    'identities ask for themselves',
    [
      set('/request/by', { kinds: ['integration'] }),
      set('/approval/0/require/not', ['owner']),
      set('/activate/not', 'none'),
    ],
    'request',
  ],
  [
    CI,
    'another value of a field',
    [
      add('/request/fields/target/one-of/-', 'canary'),
      add('/policy/permit/-', { id: 'canary', when: 'request.target == "canary"' }),
    ],
    'request',
  ],
  [
    CI,
    'a field of any value',
    [drop('/request/fields/target/one-of'), set('/policy/permit/0/when', 'true')],
    'request',
  ],
  [AGENT, 'longer field', [set('/request/fields/task/max-length', 600)], 'request'],
  [
    AGENT,
    'another member of a set field',
    [add('/request/fields/data_sets/subset-of/-', 'crm-us')],
    'request',
  ],
  [AGENT, 'any member of a set field', [drop('/request/fields/data_sets/subset-of')], 'request'],
  [AGENT, 'a required field made optional', [set('/request/fields/task/required', false)], 'request'],
  [
    AGENT,
    'an optional field added',
    [add('/request/fields/note', { type: 'string', required: false })],
    'request',
  ],
  [AGENT, 'a limit no longer in the token', [set('/request/fields/commands/in-token', false)], 'request'],
  // proof
  [CI, 'evidence of lower assurance', [set('/proof/min-assurance', 1)], 'proof'],
  [DEVICE, 'evidence without hardware', [set('/proof/min-assurance', 2)], 'proof'],
  [CI, 'older evidence', [set('/proof/any/0/max-age', '6m')], 'proof'],
  [CI, 'a claim no longer matched', [drop('/proof/any/0/match/runner_environment')], 'proof'],
  [CI, 'an immutable id no longer matched', [drop('/proof/any/0/match/repository_id')], 'proof'],
  [CI, 'a wider pattern', [set('/proof/any/0/match/ref', { like: 'refs/heads/*' })], 'proof'],
  [
    CI,
    'a value instead of a pattern, the other way',
    [set('/proof/any/0/match/repository', { like: 'acme/*' })],
    'proof',
  ],
  [
    CI,
    'another value matched',
    [set('/proof/any/0/match/environment', { 'one-of': ['production', 'staging'] })],
    'proof',
  ],
  [CI, 'another way to prove', [...GUARDED, add('/proof/any/-', GITLAB)], 'proof'],
  [AGENT, 'a verifier deleted', [drop('/proof/all/0')], 'proof'],
  [DEVICE, 'one verifier of two deleted', [drop('/proof/all/1')], 'proof'],
  [DEVICE, 'not the same device any more', [drop('/proof/all/1/match/serial')], 'proof'],
  [DEVICE, 'another profile', [add('/proof/all/0/match/pcr_profile/one-of/-', 'edge-2026-07')], 'proof'],
  [AGENT, 'weaker sign-in', [add('/proof/all/1/match/acr/one-of/-', 'password')], 'proof'],
  [
    AGENT,
    'deeper identities',
    [set('/proof/all/0/match/subject', { like: 'spiffe://agents.acme.example/ns/*/agent/*' })],
    'proof',
  ],
  // policy
  [
    AGENT,
    'a permit without its condition',
    [set('/policy/permit/0/when', 'true'), drop('/policy/forbid/1')],
    'policy',
  ],
  [CI, 'forbid deleted', [drop('/policy/forbid/1')], 'policy'],
  [
    CI,
    'a conjunct added to a forbid',
    [
      set(
        '/policy/forbid/0/when',
        'evidence.github.event_name == "pull_request_target" && request.target == "production"',
      ),
    ],
    'policy',
  ],
  [
    AGENT,
    'a conjunct dropped from a permit',
    [set('/policy/permit/2/when', '["shell:exec"].containsAll(request.scopes) && facts.risk.score < 20')],
    'policy',
  ],
  [
    AGENT,
    'a permit added',
    [add('/policy/permit/-', { id: 'all', when: 'facts.risk.score < 70' })],
    'policy',
  ],
  [
    AGENT,
    '< made <=',
    [
      set(
        '/policy/permit/2/when',
        '["shell:exec"].containsAll(request.scopes) && facts.workspace.kind == "sandbox" && facts.risk.score <= 20',
      ),
    ],
    'policy',
  ],
  [
    AGENT,
    'a threshold one higher',
    [
      set(
        '/policy/permit/2/when',
        '["shell:exec"].containsAll(request.scopes) && facts.workspace.kind == "sandbox" && facts.risk.score < 21',
      ),
    ],
    'policy',
  ],
  [
    AGENT,
    'another scope in a permit',
    [
      set(
        '/policy/permit/0/when',
        '["crm:read", "crm:write", "search:query"].containsAll(request.scopes) && facts.risk.score < 70',
      ),
    ],
    'policy',
  ],
  [
    KEY,
    'a duration in a forbid one second longer',
    [
      set(
        '/policy/forbid/1/when',
        'request.scopes.contains("invoice:write") && request.ttl > duration("2592001s")',
      ),
    ],
    'policy',
  ],
  [
    KEY,
    'a forbid asks for less',
    [
      set(
        '/policy/forbid/0/when',
        'request.scopes.contains("invoice:write") && request.environment == "production" && !identity.revision_reviewed && identity.kind == "agent"',
      ),
    ],
    'policy',
  ],
  [DEVICE, 'any anchor', [set('/policy/permit/0/when', 'identity.trust_anchor like "ca/*"')], 'policy'],
  [CI, 'an older fact', [set('/facts/change_window/max-age', '6m')], 'policy'],
  [AGENT, 'another value of a fact', [add('/facts/workspace/type/kind/one-of/-', 'borrowed')], 'policy'],
  [CI, 'a forbid nobody can fall under', [set('/policy/forbid/0/when', 'false')], 'policy'],
  // approval
  [AGENT, 'an approval deleted', [drop('/approval/0')], 'approval'],
  [AGENT, 'two-eyes deleted', [drop('/approval/2')], 'approval'],
  [DEVICE, 'the only approval deleted', [drop('/approval/0')], 'approval'],
  [KEY, 'all approvals deleted', [set('/approval', [])], 'approval'],
  [AGENT, 'no factor', [drop('/approval/1/require/factor')], 'approval'],
  [AGENT, 'one fewer', [set('/approval/2/require/count', 1)], 'approval'],
  [CI, 'nobody excluded', [set('/approval/0/require/not', 'none')], 'approval'],
  [CI, 'the actor may approve', [set('/approval/0/require/not', 'none')], 'approval'],
  [KEY, 'the owner may approve', [set('/approval/0/require/not', ['requester'])], 'approval'],
  [KEY, 'the requester may approve', [set('/approval/0/require/not', ['owner'])], 'approval'],
  [DEVICE, 'the default exclusion taken away', [set('/approval/0/require/not', 'none')], 'approval'],
  [CI, 'an approval lives longer', [set('/approval/0/expires', '3h')], 'approval'],
  [CI, 'an approval stands', [set('/approval/0/reuse', { until: 'identity.revision-changes' })], 'approval'],
  [
    CI,
    'a conjunct more before an approval is asked',
    [
      set(
        '/approval/0/when',
        'request.target == "production" && facts.change_window != "open" && request.scopes.contains("deploy:write")',
      ),
    ],
    'approval',
  ],
  [
    CI,
    'a fail-open comparison of an approval',
    [
      add('/facts/change_window/type/one-of/-', 'frozen'),
      set('/approval/0/when', 'request.target == "production" && facts.change_window == "closed"'),
    ],
    'policy',
  ],
  [KEY, 'an approval never asked', [set('/approval/0/when', 'false')], 'approval'],
  // bind, deliver, activate
  [CI, 'without a key', [add('/bind/pop/-', 'none')], 'bind'],
  [AGENT, 'another binding', [add('/bind/pop/-', 'mtls')], 'bind'],
  [KEY, 'from any address', [drop('/bind/source')], 'bind'],
  [KEY, 'another target', [add('/deliver/to/-', 'vault/other')], 'deliver'],
  [CI, 'shown to people', [set('/deliver/human-visible', 'allowed')], 'deliver'],
  [KEY, 'active at once', [set('/activate', { when: 'issued' })], 'activate'],
  [DEVICE, 'active without a probe', [set('/activate', { when: 'issued' })], 'activate'],
  [DEVICE, 'a later probe', [set('/activate/within', '2h')], 'activate'],
  [KEY, 'a later confirmation', [set('/activate/within', '15d')], 'activate'],
  [KEY, 'the requester may confirm', [set('/activate/not', 'none')], 'activate'],
  // lifecycle
  [AGENT, 'longer lifetime', [set('/lifecycle/max-lifetime', '9h')], 'lifecycle'],
  [CI, 'longer lifetime, ttl as it was', [set('/lifecycle/max-lifetime', '1h')], 'lifecycle'],
  [CI, 'renewable', [set('/lifecycle/renewable', true)], 'lifecycle'],
  [DEVICE, 'an earlier renewal', [set('/lifecycle/renew-window', '72h')], 'lifecycle'],
  [DEVICE, 'a renewal at any time', [drop('/lifecycle/renew-window')], 'lifecycle'],
  [KEY, 'a later rotation', [set('/lifecycle/rotate-every', '60d')], 'lifecycle'],
  [KEY, 'no rotation', [drop('/lifecycle/rotate-every')], 'lifecycle'],
  [KEY, 'a longer overlap', [set('/lifecycle/overlap', '48h')], 'lifecycle'],
  [KEY, 'an overlap without end', [drop('/lifecycle/overlap')], 'lifecycle'],
  [KEY, 'a later review', [set('/lifecycle/review-every', '60d')], 'lifecycle'],
  [DEVICE, 'no review', [drop('/lifecycle/review-every')], 'lifecycle'],
  [
    CI,
    'recovery',
    [set('/lifecycle/recover', { after: 'old-verified-dead', hold: 'evidence' })],
    'lifecycle',
  ],
  [CI, 'offboarding of the owner revokes no more', [drop('/lifecycle/revoke-on/0')], 'lifecycle'],
  [CI, 'nothing revokes', [set('/lifecycle/revoke-on', [])], 'lifecycle'],
  [KEY, 'unused for longer', [set('/lifecycle/revoke-on/2', 'unused-for-60d')], 'lifecycle'],
  [KEY, 'unused for ever', [drop('/lifecycle/revoke-on/2')], 'lifecycle'],
  // generate
  [DEVICE, 'a key that is not attested', [drop('/generate/x509/key-attestation')], 'generate'],
  [DEVICE, 'another usage of the certificate', [add('/generate/x509/eku/-', 'serverAuth')], 'generate'],
];

function compare(before: Plain, after: Plain) {
  return compareUnder(alone(before), alone(after));
}

describe('what lets more through', () => {
  test.each(WIDENINGS)('S3.12 %s: %s', (flow, _, steps, stage) => {
    const before = plainFlow(flow);
    const after = patched(before, steps);
    const grown = compare(before, after);
    expect([grown.verdict, grown.because]).toEqual(['wider', null]);
    expect(grown.stages).toContain(stage);
    expectReplayed(grown);
    const back = compare(after, before);
    expect([back.verdict, back.because]).toEqual(['narrower', null]);
    expectReplayed(back);
  });
});

const OTHERS: readonly (readonly [FlowName, string, readonly Step[], Outcome])[] = [
  // the same
  [CI, 'nothing', [], 'same'],
  [CI, 'another default ttl', [set('/request/ttl/default', '5m')], 'same'],
  [
    CI,
    'another summary, owner, version and reason',
    [
      set('/summary', 'x'),
      set('/owner', 'group:x'),
      set('/version', 8),
      set('/unattended', 'y'),
      set('/policy/forbid/0/because', 'z'),
    ],
    'same',
  ],
  [CI, 'another tier, where no guardrail stands', [set('/tier', 2)], 'same'],
  [CI, 'ttl over the lifetime', [set('/request/ttl/max', '30m')], 'same'],
  [
    CI,
    'rules of other names',
    [set('/policy/permit/0/id', 'p'), set('/policy/forbid/0/id', 'f'), set('/approval/0/id', 'a')],
    'same',
  ],
  [AGENT, 'proofs in another order', [{ op: 'move', from: '/proof/all/0', path: '/proof/all/1' }], 'same'],
  [CI, 'any of one is all of one', [{ op: 'move', from: '/proof/any', path: '/proof/all' }], 'same'],
  [
    CI,
    'an approval said twice',
    [
      add('/approval/-', {
        id: 'again',
        when: 'request.target == "production" && facts.change_window != "open"',
        require: { from: 'group:release-managers', count: 1, not: ['requester', 'actor'] },
        expires: '2h',
        reuse: 'none',
      }),
    ],
    'same',
  ],
  [
    CI,
    'an approval that a stricter one implies',
    [
      add('/approval/-', {
        id: 'weaker',
        when: 'request.target == "production" && facts.change_window == "closed"',
        require: { from: 'group:release-managers', count: 1, not: 'none' },
        expires: '3h',
        reuse: { until: 'identity.revision-changes' },
      }),
    ],
    'same',
  ],
  [
    CI,
    'a permit that another implies',
    [
      add('/policy/permit/-', {
        id: 'more',
        when: 'request.target == "production" && request.scopes.contains("deploy:read")',
      }),
    ],
    'same',
  ],
  [
    CI,
    'two permits in one',
    [
      drop('/policy/permit/1'),
      set('/policy/permit/0/when', 'request.target == "production" || request.target == "staging"'),
    ],
    'same',
  ],
  [CI, 'one permit of a closed field', [set('/policy/permit/0/when', 'request.target like "*"')], 'same'],
  [
    CI,
    'a forbid in two',
    [
      set(
        '/policy/forbid/1/when',
        'request.scopes.contains("deploy:write") && !(evidence.github has ref_protected)',
      ),
      add('/policy/forbid/-', {
        id: 'unprotected',
        because: 'x',
        when: 'request.scopes.contains("deploy:write") && evidence.github has ref_protected && evidence.github.ref_protected != "true"',
      }),
    ],
    'same',
  ],
  [AGENT, 'not below is at least', [set('/policy/forbid/1/when', '!(facts.risk.score < 70)')], 'same'],
  [
    AGENT,
    'if written as or',
    [set('/approval/1/when', 'if facts.risk.score >= 30 then true else facts.workspace.kind != "managed"')],
    'same',
  ],
  [
    AGENT,
    'contains in place of containsAny',
    [set('/approval/2/when', 'request.scopes.containsAny(["shell:exec"])')],
    'same',
  ],
  [AGENT, 'what is shown', [set('/approval/0/shows', [])], 'same'],
  [
    CI,
    'an exact value as the only one of a list',
    [set('/proof/any/0/match/environment', { 'one-of': ['production'] })],
    'same',
  ],
  [CI, 'a pattern without a star', [set('/proof/any/0/match/environment', { like: 'production' })], 'same'],
  [
    KEY,
    'revocations in another order',
    [{ op: 'move', from: '/lifecycle/revoke-on/0', path: '/lifecycle/revoke-on/1' }],
    'same',
  ],
  [KEY, 'a shorter and a longer idle time', [add('/lifecycle/revoke-on/-', 'unused-for-60d')], 'same'],
  [
    AGENT,
    'the owner of a machine, who is its requester',
    [set('/approval/0/require/not', ['requester'])],
    'same',
  ],
  // neither
  [
    CI,
    'another audience instead',
    [set('/request/audience/one-of/0', 'https://b.acme.example')],
    'incomparable',
  ],
  [CI, 'another repository', [set('/proof/any/0/match/repository_id', '2')], 'incomparable'],
  [
    CI,
    'a permit negated',
    [
      set(
        '/policy/permit/0/when',
        'request.target != "production" && request.scopes.contains("deploy:write")',
      ),
      drop('/policy/permit/1'),
    ],
    'narrower',
  ],
  [
    CI,
    'a forbid negated',
    [set('/policy/forbid/0/when', 'evidence.github.event_name != "pull_request_target"')],
    'incomparable',
  ],
  [
    AGENT,
    'more risk but fewer scopes',
    [
      set('/policy/permit/0/when', '["crm:read"].containsAll(request.scopes) && facts.risk.score < 80'),
      drop('/policy/forbid/1'),
    ],
    'incomparable',
  ],
  [CI, 'another group approves', [set('/approval/0/require/from', 'group:others')], 'incomparable'],
  [KEY, 'another group asks', [set('/request/by/from', 'group:others')], 'incomparable'],
  [CI, 'another key signs', [set('/generate/token/key', 'issuer-b')], 'incomparable'],
  [CI, 'another subject', [set('/generate/token/subject', 'evidence.github.sub')], 'incomparable'],
  [AGENT, 'nobody is acting', [drop('/generate/token/act')], 'incomparable'],
  [AGENT, 'another source of a fact', [set('/facts/risk/source', 'risk/others')], 'incomparable'],
  [AGENT, 'another anchor', [set('/proof/all/1/anchor', 'oidc/partners')], 'incomparable'],
  [AGENT, 'another role', [set('/proof/all/1/as', 'actor')], 'incomparable'],
  [KEY, 'another delivery', [set('/deliver/to', ['vault/other'])], 'incomparable'],
  [
    DEVICE,
    'a confirmation in place of a probe',
    [set('/activate', { when: 'confirmed', by: 'owner', within: '1h', not: 'none' })],
    'incomparable',
  ],
  [
    CI,
    'a wider ttl and a narrower audience',
    [set('/request/ttl/max', '1h'), set('/lifecycle/max-lifetime', '1h'), drop('/request/audience/one-of/0')],
    'incomparable',
  ],
  [
    CI,
    'another required field',
    [add('/request/fields/note', { type: 'string', required: true })],
    'incomparable',
  ],
  // less
  [CI, 'no permit at all', [set('/policy/permit', [])], 'narrower'],
  [CI, 'nowhere delivered', [set('/deliver/to', [])], 'narrower'],
  [
    CI,
    'an approval that nobody can give',
    [set('/approval/0/require/not', ['requester', 'author'])],
    'narrower',
  ],
  [AGENT, 'a person cannot be two', [set('/approval/1/require/count', 2)], 'narrower'],
];

describe('what lets the same, less, or something else through', () => {
  test.each(OTHERS)('S3.12 %s: %s', (flow, _, steps, verdict) => {
    const before = plainFlow(flow);
    const after = patched(before, steps);
    const there = compare(before, after);
    expect([there.verdict, there.because]).toEqual([verdict, null]);
    expectReplayed(there);
    const back = compare(after, before);
    expect(back.verdict).toBe(verdict === 'narrower' ? 'wider' : verdict);
    expectReplayed(back);
  });
});
