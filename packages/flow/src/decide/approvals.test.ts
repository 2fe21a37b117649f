import { type Approval, type Bounds, envelopeOf, type Facts, planDigest, type Verdict } from '@writ/core';
import {
  AGENT_FLOW,
  DEPLOY_FLOW,
  DEVICE_FLOW,
  type Edit,
  goodFacts,
  type Installation,
  KEY_FLOW,
  loadAcme,
  NOON,
  personEvidence,
} from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';

const acme = loadAcme();
const CI = 'flows/ci-deploy-token.flow.yaml';
const AGENT = 'flows/agent-tool-identity.flow.yaml';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function observed(facts: Facts, values: Readonly<Record<string, Facts['sources'][string]['value']>>): Facts {
  const sources = Object.entries(values).map(([name, value]) => [name, { value, observedAt: NOON }]);
  return { ...facts, sources: { ...facts.sources, ...Object.fromEntries(sources) } };
}

/** A deployment to production while the release calendar is closed. */
function closed(there = acme): Facts {
  return observed(goodFacts(DEPLOY_FLOW, there), { 'calendar/release': 'closed' });
}

/** The same facts some time later, with everything presented and observed anew. */
function later(facts: Facts, ms: number): Facts {
  return {
    ...facts,
    evidence: facts.evidence.map((each, i) => ({
      ...each,
      tokenId: each.tokenId === null ? null : `later ${i} ${ms}`,
      digest: 'c'.repeat(64),
      issuedAt: each.issuedAt + ms,
      expiresAt: each.expiresAt + ms,
    })),
    sources: Object.fromEntries(
      Object.entries(facts.sources).map(([name, { value, observedAt }]) => [
        name,
        { value, observedAt: observedAt + ms },
      ]),
    ),
  };
}

/** The digest of what would be issued on these facts: what an approver signs. */
function boundsOf(
  facts: Facts,
  there: Installation = acme,
  now = NOON,
): { bounds: Bounds; artefacts: string } {
  const verdict = decide(there.set, { ...facts, approvals: [] }, now);
  if (verdict.outcome === 'refused') throw new Error(JSON.stringify(verdict.reasons));
  return verdict;
}

function planOf(facts: Facts, there: Installation = acme, now = NOON): string {
  const { bounds, artefacts } = boundsOf(facts, there, now);
  return planDigest(there.set.sha256, bounds, { set: artefacts, flow: bounds.flow.hash });
}

type Given = Partial<Approval> & { readonly plan?: string };

/** As if these had been given over the plan, or over the envelope where the rule's approvals stand. */
function approved(facts: Facts, ...given: readonly Given[]): Facts {
  return approvedAt(acme, facts, ...given);
}

function approvedAt(there: Installation, facts: Facts, ...given: readonly Given[]): Facts {
  const approvals = given.map(({ plan, ...each }): Approval => {
    const stands = each.rule === 'first-issue-review';
    return {
      rule: 'out-of-hours',
      person: 'user:rui',
      factor: 'webauthn',
      digest: plan ?? planOf(facts, there),
      decision: 'approve',
      at: NOON,
      envelope: stands ? envelopeOf(boundsOf(facts, there).bounds) : null,
      ...each,
    };
  });
  return { ...facts, approvals };
}

/** What is waited for, as `rule missing`, or why not. */
function said(verdict: Verdict): readonly string[] {
  switch (verdict.outcome) {
    case 'issue':
      return ['issue'];
    case 'waiting':
      return verdict.obligations.map(({ rule, missing }) => `${rule} ${missing}`);
    case 'refused':
      return verdict.reasons.map(({ stage, rule }) => `refused ${stage} ${rule}`);
  }
}

function decided(facts: Facts, now = NOON, there: Installation = acme): readonly string[] {
  return said(decide(there.set, facts, now));
}

describe('out-of-hours of ci-deploy-token', () => {
  test('S2.12 nobody is asked while the window is open, or for staging', () => {
    expect(decided(goodFacts(DEPLOY_FLOW, acme))).toEqual(['issue']);
    const staging = closed();
    const request = { ...staging.request, fields: { target: 'staging' } };
    expect(decided({ ...staging, request })).toEqual(['issue']);
  });

  test('waits for a release manager, says how many, from whom, but whom, and until when', () => {
    expect(decide(acme.set, closed(), NOON)).toMatchObject({
      outcome: 'waiting',
      artefacts: acme.set.hash,
      obligations: [
        {
          kind: 'approval',
          rule: 'out-of-hours',
          from: 'group:release-managers',
          count: 1,
          missing: 1,
          factor: null,
          not: ['requester', 'actor'],
          expires: NOON + 2 * HOUR,
          unsatisfiable: null,
        },
      ],
    });
  });

  test('a release manager who did not ask approves', () => {
    const verdict = decide(acme.set, approved(closed(), {}), NOON);
    expect(verdict).toMatchObject({
      outcome: 'issue',
      bounds: { unattended: false, notIssuedAfter: NOON + 2 * HOUR },
    });
    expect(verdict).toMatchObject({ decidedBy: expect.arrayContaining(['approval.out-of-hours']) });
  });

  test.each<[string, Given]>([
    ['F1 the owner of the identity, though in the group', { person: 'user:ana' }],
    ['somebody outside the group', { person: 'user:ida' }],
    ['somebody nobody knows', { person: 'user:eve' }],
    ['the group itself as if it were a person', { person: 'group:release-managers' }],
    ['an approval of another rule', { rule: 'security-review-production' }],
    ['F2 an approval of another plan', { plan: 'a'.repeat(64) }],
    ['an approval of no plan', { plan: '' }],
    ['F3 an approval that has lapsed', { at: NOON - 2 * HOUR - 1 }],
    ['an approval given at no time', { at: Number.NaN }],
    ['a standing approval where none may stand', { envelope: envelopeOf(boundsOf(closed()).bounds) }],
    ['a decision of no known kind', { decision: 'Approve' as never }],
  ])('does not count: %s', (_, given) => {
    expect(decided(approved(closed(), given))).toEqual(['out-of-hours 1']);
  });

  test('F1 the deputy may not, through any of its groups', () => {
    const there = loadAcme(['groups.yaml', 'members: [user:rui, user:ana]', 'members: [user:rui, user:mei]']);
    const facts = closed(there);
    const plan = planOf(facts, there);
    expect(decided(approved(facts, { person: 'user:mei', plan }), NOON, there)).toEqual(['out-of-hours 1']);
  });

  test('F1 whoever started the run may not, known by the link of their CI account', () => {
    const facts = closed();
    const byRui = {
      ...facts,
      evidence: facts.evidence.map((each) => ({ ...each, claims: { ...each.claims, actor_id: '34' } })),
    };
    expect(decided(approved(byRui, {}))).toEqual(['out-of-hours 1']);
  });

  test('F1 whoever started the run is its requester, also where only the requester is excluded', () => {
    const there = loadAcme([CI, 'not: [requester, actor]', 'not: [requester]']);
    const facts = closed(there);
    const startedBy = (actor_id: string) => {
      const evidence = facts.evidence.map((each) => ({ ...each, claims: { ...each.claims, actor_id } }));
      const started = { ...facts, evidence };
      return decided(approved(started, { plan: planOf(started, there) }), NOON, there);
    };
    expect(startedBy('34')).toEqual(['out-of-hours 1']);
    expect(startedBy('12')).toEqual(['issue']);
  });

  test.each([
    ['is linked to nobody', { actor_id: '99' }],
    ['is not in the token', {}],
  ])('W016 cannot be satisfied while the actor %s, and says so', (_, actor) => {
    const facts = closed();
    const unknown = {
      ...facts,
      evidence: facts.evidence.map((each) => {
        const { actor_id: _known, ...claims } = each.claims;
        return { ...each, claims: { ...claims, ...actor } };
      }),
    };
    const verdict = decide(acme.set, approved(unknown, {}), NOON);
    expect(verdict).toMatchObject({ outcome: 'waiting' });
    expect(verdict).toMatchObject({
      obligations: [{ missing: 1, unsatisfiable: 'nobody is known to be the actor, who must not approve' }],
    });
  });

  test('W016 says so when too few are left to ask', () => {
    const there = loadAcme(['groups.yaml', 'members: [user:rui, user:ana]', 'members: [user:ana]']);
    expect(decide(there.set, closed(there), NOON)).toMatchObject({
      obligations: [{ unsatisfiable: '1 must approve, and only 0 of those asked may' }],
    });
  });

  test('an empty group approves nothing', () => {
    const facts = closed();
    const people = facts.people.map((person) => ({ ...person, groups: [] }));
    expect(decided(approved({ ...facts, people }, {}))).toEqual(['out-of-hours 1']);
    expect(decided(approved({ ...facts, people: [] }, {}))).toEqual(['out-of-hours 1']);
  });

  test('the same person twice is one person', () => {
    const there = loadAcme(
      [CI, 'count: 1', 'count: 2'],
      ['groups.yaml', 'members: [user:rui, user:ana]', 'members: [user:rui, user:ida, user:ana]'],
    );
    const facts = closed(there);
    const plan = planOf(facts, there);
    const decidedBy = (...persons: readonly string[]) =>
      decided(approved(facts, ...persons.map((person) => ({ person, plan }))), NOON, there);
    expect(decidedBy()).toEqual(['out-of-hours 2']);
    expect(decidedBy('user:rui', 'user:rui')).toEqual(['out-of-hours 1']);
    expect(decidedBy('user:rui', 'user:ana')).toEqual(['out-of-hours 1']);
    expect(decidedBy('user:rui', 'user:ida')).toEqual(['issue']);
  });

  test('one person signed in twice, through two subjects, is one person', () => {
    // Rui has a subject at the workforce login and one at GitHub; both lead to `user:rui`.
    const { people } = closed();
    expect(people.find(({ id }) => id === 'user:rui')?.subjects).toHaveLength(2);
    expect(people.filter(({ groups }) => groups.includes('group:release-managers'))).toHaveLength(2);
  });

  test('F4 a denial ends the run, whoever else approves', () => {
    const facts = approved(closed(), {}, { person: 'user:ida', decision: 'deny' });
    expect(decided(facts)).toEqual(['refused approval approval.out-of-hours']);
  });

  test('a denial of another plan denies nothing here', () => {
    const facts = approved(closed(), {}, { decision: 'deny', plan: 'a'.repeat(64) });
    expect(decided(facts)).toEqual(['issue']);
  });

  test('F2 the approval dies when the asked life changes, the scopes, a field, or the key', () => {
    const facts = approved(closed(), {});
    const { request, holder } = facts;
    const changed: readonly Facts[] = [
      { ...facts, request: { ...request, ttl: 300 } },
      { ...facts, request: { ...request, scopes: ['deploy:read', 'deploy:write'] } },
      { ...facts, holder: holder === null ? null : { ...holder, thumbprint: 'another' } },
      { ...facts, holder: holder === null ? null : { ...holder, pop: 'mtls' } },
      { ...facts, identity: facts.identity && { ...facts.identity, revision: 2 } },
      { ...facts, openedAt: NOON + 1 },
    ];
    for (const each of changed) expect(decided(each, NOON + 1)).toEqual(['out-of-hours 1']);
  });

  test('what asks for the life it would be given anyway is the same plan', () => {
    const facts = closed();
    expect(planOf({ ...facts, request: { ...facts.request, ttl: 600 } })).toBe(planOf(facts));
  });

  test('F2 law 6: the approval lives on with fresh evidence of the same claims, and dies with other ones', () => {
    const facts = approved(closed(), {});
    const fresh = later(facts, HOUR);
    expect(decided(fresh, NOON + HOUR)).toEqual(['issue']);
    const otherBranch = {
      ...fresh,
      evidence: fresh.evidence.map((each) => ({
        ...each,
        claims: { ...each.claims, ref: 'refs/heads/release-2026.12' },
      })),
    };
    expect(decided(otherBranch, NOON + HOUR)).toEqual(['out-of-hours 1']);
  });

  test('F3 after two hours an approval is worthless, given before or after', () => {
    const after = 2 * HOUR + 1;
    const facts = later(closed(), after);
    const plan = planOf(closed());
    expect(decided(facts, NOON + after)).toEqual(['refused approval approval.out-of-hours']);
    for (const at of [NOON, NOON + 1, NOON + after]) {
      const [first, ...more] = decided(approved(facts, { plan, at }), NOON + after);
      expect(first).toMatch(/^refused approval approval/);
      expect(more).toEqual([]);
    }
    const inTime = later(closed(), 2 * HOUR);
    expect(decided(approved(inTime, { plan }), NOON + 2 * HOUR)).toEqual(['issue']);
  });

  test('freezing between approval and generation stops it', () => {
    const facts = approved(closed(), {});
    const freezes = { ...facts.freezes, 'identity:svc-payments': '1 frozen' };
    expect(decided({ ...facts, freezes })).toEqual(['refused request gate.freeze']);
  });

  test('an approval condition that cannot be evaluated refuses', () => {
    const there = loadAcme([
      CI,
      'when: request.target == "production" && facts.change_window != "open"',
      'when: request.target == "production" && evidence.github has environment && evidence.github.environment == "production"',
    ]);
    const flow = there.set.flows.get(DEPLOY_FLOW);
    if (flow === undefined) throw new Error('no flow');
    const failing = {
      ...flow,
      approval: flow.approval.map((rule) => ({
        ...rule,
        test: (): boolean => {
          throw new TypeError('broken');
        },
      })),
    };
    for (const approval of [failing.approval, []]) {
      const flows = new Map(there.set.flows).set(DEPLOY_FLOW, { ...failing, approval });
      const verdict = decide({ ...there.set, flows }, goodFacts(DEPLOY_FLOW, there), NOON);
      expect(said(verdict)).toEqual(['refused approval approval.out-of-hours']);
    }
  });
});

describe('agent-tool-identity', () => {
  const firstIssue = (): Facts => {
    const facts = goodFacts(AGENT_FLOW, acme);
    return { ...facts, identity: facts.identity && { ...facts.identity, revisionReviewed: false } };
  };
  const review = (facts: Facts, given: Given): Facts =>
    approved(facts, { rule: 'first-issue-review', person: 'user:mei', ...given });

  test('S2.8 the first issue of a revision waits for a security reviewer, neither owner nor requester', () => {
    const facts = firstIssue();
    expect(decided(facts)).toEqual(['first-issue-review 1']);
    expect(decided(review(facts, {}))).toEqual(['issue']);
    expect(decided(review(facts, { person: 'user:ida' }))).toEqual(['issue']);
    // Tom owns the agent and is a security reviewer; Ana is in its deputy group and none.
    expect(decided(review(facts, { person: 'user:tom' }))).toEqual(['first-issue-review 1']);
    expect(decided(review(facts, { person: 'user:ana' }))).toEqual(['first-issue-review 1']);
  });

  test('S2.12 a standing approval counts where the flow says so, and does not lapse with its day', () => {
    const standing = { plan: 'e'.repeat(64), at: NOON - 30 * 24 * HOUR };
    expect(decided(review(firstIssue(), standing))).toEqual(['issue']);
    expect(decided(review(firstIssue(), { ...standing, person: 'user:tom' }))).toEqual([
      'first-issue-review 1',
    ]);
    expect(decided(review(firstIssue(), { ...standing, decision: 'deny' }))).toEqual([
      'refused approval approval.first-issue-review',
    ]);
  });

  const risky = (score: number, kind = 'managed'): Facts =>
    observed(goodFacts(AGENT_FLOW, acme), { 'risk/agents': { score }, workspaces: { kind, region: 'eu' } });
  const stepUp = (facts: Facts, given: Given): Facts =>
    approved(facts, { rule: 'step-up-risk', person: 'user:ana', ...given });

  test.each([
    [29, 'managed', 'issue'],
    [30, 'managed', 'step-up-risk 1'],
    [10, 'sandbox', 'step-up-risk 1'],
    [69, 'unmanaged', 'step-up-risk 1'],
    [70, 'managed', 'refused policy policy.forbid.never-above-seventy'],
  ])('S3.8 risk %d on a %s workspace: %s', (score, kind, wanted) => {
    expect(decided(risky(score, kind))).toEqual([wanted]);
  });

  test('S3.8 step-up is by the person on whose behalf, with a security key, in ten minutes', () => {
    const facts = risky(30);
    expect(decided(stepUp(facts, {}))).toEqual(['issue']);
    expect(decided(stepUp(facts, { factor: 'totp' }))).toEqual(['step-up-risk 1']);
    expect(decided(stepUp(facts, { factor: '' }))).toEqual(['step-up-risk 1']);
    expect(decided(stepUp(facts, { person: 'user:mei' }))).toEqual(['step-up-risk 1']);
    expect(decided(stepUp(facts, { at: NOON - 10 * MINUTE - 1 }))).toEqual(['step-up-risk 1']);
    const late = later(facts, 10 * MINUTE + 1);
    expect(decided(late, NOON + 10 * MINUTE + 1)).toEqual(['refused approval approval.step-up-risk']);
  });

  test('step-up of a person whom nobody knows cannot be satisfied', () => {
    const facts = risky(30);
    const stranger = { ...facts, evidence: [...facts.evidence.slice(0, 1), personEvidence('stranger')] };
    expect(decide(acme.set, stepUp(stranger, {}), NOON)).toMatchObject({
      outcome: 'waiting',
      obligations: [{ from: 'proof:person', unsatisfiable: '1 must approve, and only 0 of those asked may' }],
    });
  });

  const SHELL: readonly Edit[] = [
    ['entitlements.yaml', 'scopes: ["crm:read", "search:query"]', 'scopes: ["crm:read", "shell:exec"]'],
    ['rights/others.yaml', 'scopes: ["crm:read"]', 'scopes: ["crm:read", "shell:exec"]'],
  ];

  test('shell-two-eyes wants two reviewers beside the step-up, and every rule at once', () => {
    const there = loadAcme(...SHELL);
    const good = goodFacts(AGENT_FLOW, there);
    const facts = observed(
      { ...good, request: { ...good.request, scopes: ['shell:exec'] } },
      { workspaces: { kind: 'sandbox', region: 'eu' } },
    );
    const plan = planOf(facts, there);
    const given = (rule: string, person: string): Given => ({ rule, person, plan });
    const all = (...approvals: readonly Partial<Approval>[]) =>
      decided(approved(facts, ...approvals), NOON, there);
    expect(all()).toEqual(['step-up-risk 1', 'shell-two-eyes 2']);
    const ana = given('step-up-risk', 'user:ana');
    const mei = given('shell-two-eyes', 'user:mei');
    expect(all(ana, mei)).toEqual(['shell-two-eyes 1']);
    expect(all(ana, mei, mei)).toEqual(['shell-two-eyes 1']);
    expect(all(ana, mei, given('shell-two-eyes', 'user:tom'))).toEqual(['shell-two-eyes 1']);
    expect(all(mei, given('shell-two-eyes', 'user:ida'))).toEqual(['step-up-risk 1']);
    expect(all(ana, mei, given('shell-two-eyes', 'user:ida'))).toEqual(['issue']);
  });

  test('what waits for several lapses with the first of them', () => {
    const there = loadAcme(...SHELL);
    const good = goodFacts(AGENT_FLOW, there);
    const facts = observed(
      { ...good, request: { ...good.request, scopes: ['shell:exec'] } },
      { workspaces: { kind: 'sandbox', region: 'eu' } },
    );
    expect(decide(there.set, facts, NOON)).toMatchObject({
      bounds: { notIssuedAfter: NOON + 10 * MINUTE },
    });
  });

  test('the data of the EU leaves it for nobody, approved or not', () => {
    const facts = observed(goodFacts(AGENT_FLOW, acme), { workspaces: { kind: 'managed', region: 'us' } });
    const request = { ...facts.request, fields: { task: 'x', data_sets: ['crm-eu'] } };
    expect(decided({ ...facts, request })).toEqual(['refused policy policy.forbid.eu-data-leaves-eu']);
  });

  test('`from: owner` asks the owners alone, and not their deputy', () => {
    const there = loadAcme([
      AGENT,
      'require: { from: group:security-reviewers, count: 1, not: [requester, owner] }\n    shows',
      'require: { from: owner, not: none }\n    shows',
    ]);
    const facts = goodFacts(AGENT_FLOW, there);
    const first = { ...facts, identity: facts.identity && { ...facts.identity, revisionReviewed: false } };
    const plan = planOf(first, there);
    const by = (person: string) =>
      decided(approvedAt(there, first, { rule: 'first-issue-review', person, plan }), NOON, there);
    expect(by('user:tom')).toEqual(['issue']);
    expect(by('user:ana')).toEqual(['first-issue-review 1']);
  });
});

test('S1.10 re-enrolling a lost device waits for an operator who does not own it', () => {
  const facts = goodFacts(DEVICE_FLOW, acme);
  const lost = { ...facts, identity: facts.identity && { ...facts.identity, previouslyRevoked: true } };
  expect(decided(facts)).toEqual(['issue']);
  expect(decided(lost)).toEqual(['re-enrol-after-loss 1']);
  const by = (person: string) => decided(approved(lost, { rule: 're-enrol-after-loss', person }));
  expect(by('user:rui')).toEqual(['issue']);
  // Ida is an operator, and belongs to the group that owns the device.
  expect(by('user:ida')).toEqual(['re-enrol-after-loss 1']);
});

test('S0.10 a key for production waits for a reviewer who is neither who asks nor the owner', () => {
  const good = goodFacts(KEY_FLOW, acme);
  const facts = { ...good, request: { ...good.request, fields: { environment: 'production' } } };
  expect(decided(facts)).toEqual(['security-review-production 1']);
  const by = (person: string, asking = facts) =>
    decided(approved(asking, { rule: 'security-review-production', person }));
  expect(by('user:mei')).toEqual(['issue']);
  expect(by('user:tom')).toEqual(['issue']);
  // Ida is a reviewer and, through the deputy group, an owner; Rui owns it and is no reviewer.
  expect(by('user:ida')).toEqual(['security-review-production 1']);
  expect(by('user:rui')).toEqual(['security-review-production 1']);
});

test('F1 a reviewer who asks is the requester, whatever else they are', () => {
  const there = loadAcme([
    'groups.yaml',
    'members: [user:ana, user:rui] }',
    'members: [user:ana, user:mei] }',
  ]);
  const good = goodFacts(KEY_FLOW, there);
  const facts: Facts = {
    ...good,
    evidence: [personEvidence('mei-9d20')],
    request: { ...good.request, fields: { environment: 'production' } },
  };
  const plan = planOf(facts, there);
  const by = (person: string) =>
    decided(approved(facts, { rule: 'security-review-production', person, plan }), NOON, there);
  expect(by('user:mei')).toEqual(['security-review-production 1']);
  expect(by('user:tom')).toEqual(['issue']);
});

describe('confirmation', () => {
  const CONFIRMED: Edit = [
    CI,
    'activate: { when: issued }',
    'activate: { when: confirmed, by: owner, not: none, within: 1h }',
  ];
  const there = loadAcme(CONFIRMED);
  const facts = goodFacts(DEPLOY_FLOW, there);
  const plan = planOf(facts, there);
  const by = (person: string, more: { plan?: string; at?: number } = {}, now = NOON) =>
    decided({ ...facts, confirmations: [{ person, plan, at: NOON, ...more }] }, now, there);

  test('a self-contained credential is not signed before its confirmation', () => {
    expect(decide(there.set, facts, NOON)).toMatchObject({
      outcome: 'waiting',
      obligations: [
        { kind: 'confirmation', rule: 'activate', from: 'owner', missing: 1, expires: NOON + HOUR },
      ],
    });
    expect(by('user:ana')).toEqual(['issue']);
  });

  test.each<[string, string, { plan?: string; at?: number }]>([
    ['by somebody else', 'user:rui', {}],
    ['by somebody nobody knows', 'user:eve', {}],
    ['by the deputy', 'user:mei', {}],
    ['of another plan', 'user:ana', { plan: 'a'.repeat(64) }],
    ['given after its time', 'user:ana', { at: NOON + HOUR + 1 }],
    ['given at no time', 'user:ana', { at: Number.NaN }],
  ])('does not count %s', (_, person, more) => {
    expect(by(person, more)).toEqual(['activate 1']);
  });

  test('S0.6 what was never confirmed in time is refused', () => {
    const late = NOON + HOUR + 1;
    const again = later(facts, HOUR + 1);
    expect(decided(again, late, there)).toEqual(['refused activate activate']);
    const confirmations = [{ person: 'user:ana', plan, at: NOON }];
    expect(decided({ ...again, confirmations }, late, there)).toEqual(['refused activate activate']);
  });

  test('W011 by its owner and not by its requester is by nobody, and says so', () => {
    const none = loadAcme([
      CI,
      'activate: { when: issued }',
      'activate: { when: confirmed, by: owner, within: 1h }',
    ]);
    const verdict = decide(none.set, goodFacts(DEPLOY_FLOW, none), NOON);
    expect(verdict).toMatchObject({ obligations: [{ unsatisfiable: 'nobody may confirm it' }] });
    const gone = decide(none.set, { ...goodFacts(DEPLOY_FLOW, none), people: [] }, NOON);
    expect(gone).toMatchObject({
      obligations: [{ unsatisfiable: 'nobody is known to be the requester, who must not approve' }],
    });
  });

  test('S0.10 what is born inactive is made before its confirmation', () => {
    expect(decide(acme.set, goodFacts(KEY_FLOW, acme), NOON)).toMatchObject({
      outcome: 'issue',
      bounds: { activate: 'confirmed' },
    });
  });
});
