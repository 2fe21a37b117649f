import type { Facts, Verdict } from '@writ/core';
import {
  DEPLOY_FLOW,
  FLOWS,
  type FlowName,
  goodFacts,
  loadAcme,
  NOON,
  neverFrozen,
  personEvidence,
} from '@writ/testkit/facts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHECKS, decide } from './decide.ts';

const acme = loadAcme();

/** Freezes a tree of data, so that whoever writes to it throws. */
function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFrozen);
  }
  return value;
}

function rule(verdict: Verdict): string {
  return verdict.outcome === 'refused' ? verdict.reasons[0].rule : verdict.outcome;
}

describe('the order of the spine', () => {
  test('freeze is the first gate, and the list of checks is the order', () => {
    expect(CHECKS.map(({ name }) => name)).toEqual([
      'gate',
      'opened',
      'identityStands',
      'proposed',
      'rightStands',
      'audience',
      'scopes',
      'fields',
      'ttl',
      'entitled',
      'proofStage',
      'replayStage',
      'asker',
      'factStage',
      'guardrails',
      'controls',
      'policyStage',
      'bindStage',
      'firstKeyStage',
      'deliverStage',
    ]);
  });

  test('a frozen scope is told before anything else that is wrong', () => {
    const facts = goodFacts(DEPLOY_FLOW, acme);
    const wrong: Facts = {
      ...facts,
      evidence: [],
      holder: null,
      sources: {},
      request: { ...facts.request, scopes: [], fields: {}, ttl: 1e9 },
      identity: facts.identity && { ...facts.identity, status: 'suspended' },
      freezes: { ...facts.freezes, everything: '1 frozen' },
    };
    expect(rule(decide(acme.set, wrong, NOON))).toBe('gate.freeze');
    expect(rule(decide(acme.set, { ...wrong, freezes: facts.freezes }, NOON))).toBe('identity.status');
  });

  test('each mend reveals the next thing that is wrong', () => {
    const good = goodFacts(DEPLOY_FLOW, acme);
    const mends: readonly (readonly [string, Partial<Facts>])[] = [
      ['identity.status', { identity: good.identity }],
      ['request.scopes', { request: { ...good.request, fields: {}, ttl: 1e9 } }],
      ['request.fields.target', { request: { ...good.request, ttl: 1e9 } }],
      ['request.ttl', { request: good.request }],
      ['proof.github', { evidence: good.evidence }],
      ['facts.change_window', { sources: good.sources }],
      ['guardrail.production-tokens-are-bound', { holder: good.holder }],
    ];
    let facts: Facts = {
      ...good,
      evidence: [],
      holder: null,
      sources: {},
      request: { ...good.request, scopes: [], fields: {}, ttl: 1e9 },
      identity: good.identity && { ...good.identity, status: 'suspended' },
    };
    for (const [wanted, mend] of mends) {
      expect(rule(decide(acme.set, facts, NOON))).toBe(wanted);
      facts = { ...facts, ...mend };
    }
    expect(rule(decide(acme.set, facts, NOON))).toBe('issue');
  });

  test('deny overrides: whatever permits, one rule that forbids refuses', () => {
    const flow = acme.set.flows.get(DEPLOY_FLOW);
    if (flow === undefined) throw new Error('no flow');
    const facts = goodFacts(DEPLOY_FLOW, acme);
    const always = (answer: boolean) => ({ id: 'always', test: () => answer });
    const broken = {
      id: 'broken',
      test: (): boolean => {
        throw new RangeError('broken');
      },
    };
    const decided = (permit: (typeof flow)['permit'], forbid: (typeof flow)['forbid']): string => {
      const flows = new Map(acme.set.flows).set(DEPLOY_FLOW, { ...flow, permit, forbid });
      return rule(decide({ ...acme.set, flows }, facts, NOON));
    };
    expect(decided([always(true)], [])).toBe('issue');
    expect(decided([always(true)], [always(false)])).toBe('issue');
    expect(decided([always(true)], [always(false), always(true)])).toBe('policy.forbid.always');
    expect(decided([always(false)], [])).toBe('policy.permit');
    expect(decided([], [])).toBe('policy.permit');
    // Cedar would leave the erroring rule out: here it refuses, wherever it stands.
    expect(decided([always(true)], [broken])).toBe('policy.forbid.broken');
    expect(decided([always(true), broken], [])).toBe('policy.permit.broken');
    expect(decided([broken], [])).toBe('policy.permit.broken');
  });

  test('a forbidding rule that reads an absent claim refuses and names it', () => {
    const facts = goodFacts(DEPLOY_FLOW, acme);
    const evidence = facts.evidence.map((each) => {
      const { event_name: _gone, ...claims } = each.claims;
      return { ...each, claims };
    });
    expect(decide(acme.set, { ...facts, evidence }, NOON)).toMatchObject({
      outcome: 'refused',
      reasons: [{ stage: 'policy', message: '`evidence.github.event_name` is absent' }],
    });
  });

  test('the record names what decided', () => {
    expect(decide(acme.set, goodFacts(DEPLOY_FLOW, acme), NOON)).toMatchObject({
      decidedBy: ['proof.github', 'policy.permit.release-to-production', 'right.payments-deploy'],
    });
  });
});

/** Facts near the good ones: mostly right, wrong in any number of places, each of the type it must be. */
const nearFacts: fc.Arbitrary<readonly [FlowName, Facts]> = fc.constantFrom(...FLOWS).chain((flow) => {
  const good = goodFacts(flow, acme);
  const often = <T>(value: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
    fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: other });
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '\ud800', '__proto__', 'owner'));
  const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -1, 1.5, Number.NaN, Infinity));
  const field = fc.oneof(text, number, fc.boolean(), fc.array(text, { maxLength: 3 }));
  const value = fc.oneof(field, fc.dictionary(text, field, { maxKeys: 2 }));
  const evidence = good.evidence.map((each) =>
    fc.record({
      anchor: often(each.anchor, text),
      role: often(each.role, fc.constantFrom('subject', 'actor')),
      issuer: often(each.issuer, text),
      tokenId: often(each.tokenId, fc.option(text)),
      digest: fc.constant(each.digest),
      assurance: often(each.assurance, fc.constantFrom(1, 2, 3)),
      claims: often(each.claims, fc.dictionary(text, value)),
      issuedAt: often(each.issuedAt, number),
      expiresAt: often(each.expiresAt, number),
    }),
  );
  const approval = fc.record({
    rule: fc.constantFrom('out-of-hours', 'step-up-risk', 'first-issue-review'),
    person: fc.constantFrom('user:rui', 'user:mei', 'user:ana'),
    factor: text,
    digest: text,
    decision: fc.constantFrom('approve', 'deny'),
    at: number,
    envelope: fc.constant(null),
  });
  return fc
    .record({
      request: fc.record({
        flow: often(good.request.flow, text),
        right: often(good.request.right, text),
        identity: often(good.request.identity, text),
        audience: often(good.request.audience, text),
        scopes: often(good.request.scopes, fc.array(text, { maxLength: 3 })),
        ttl: often(good.request.ttl, fc.option(number)),
        fields: often(good.request.fields, fc.dictionary(text, field)),
      }),
      holder: often(
        good.holder,
        fc.option(fc.record({ pop: fc.constantFrom('dpop', 'mtls', 'tpm-key'), thumbprint: text })),
      ),
      evidence: fc
        .tuple(...evidence)
        .chain((all) => often<typeof all>(all, fc.shuffledSubarray(all) as never)),
      identity: often(
        good.identity,
        fc.constantFrom(
          null,
          ...(['suspended', 'retired'] as const).map(
            (status) => good.identity && { ...good.identity, status },
          ),
          good.identity && { ...good.identity, revisionReviewed: false, previouslyRevoked: true },
          good.identity && { ...good.identity, attributes: {}, owner: 'group:nobody' },
        ),
      ),
      people: often(good.people, fc.constant([])),
      approvals: often(good.approvals, fc.array(approval, { maxLength: 3 })),
      sources: often(
        good.sources,
        fc.dictionary(
          fc.constantFrom(...Object.keys(good.sources)),
          fc.record({ value, observedAt: number }),
        ),
      ),
      freezes: often(good.freezes, fc.dictionary(text, fc.option(text))),
      openedAt: often(good.openedAt, number),
      lineage: often(good.lineage, fc.record({ follows: text, firstIssuedAt: number })),
    })
    .map((changes) => [flow, { ...good, ...changes }] as const);
});

describe('a function of its arguments (S0.3)', () => {
  test('whatever the facts are, it answers and does not throw', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(nearFacts, fc.oneof(fc.constant(NOON), fc.double(), fc.integer()), ([, facts], now) => {
        const verdict = decide(acme.set, facts, now);
        seen.add(verdict.outcome);
        expect(verdict.outcome !== 'refused' || verdict.reasons.length > 0).toBe(true);
      }),
      { numRuns: 4000, seed: 7 },
    );
    expect([...seen].toSorted()).toEqual(['issue', 'refused', 'waiting']);
  });

  test('the same arguments give the same verdict, and none of them is written to', () => {
    fc.assert(
      fc.property(nearFacts, ([, facts]) => {
        const before = structuredClone(facts);
        const verdict = decide(acme.set, deepFrozen(facts), NOON);
        expect(decide(acme.set, structuredClone(before), NOON)).toEqual(verdict);
        expect(facts).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  test('an issue verdict never depends on what is not in the bounds of the flow', () => {
    fc.assert(
      fc.property(nearFacts, ([, facts]) => {
        const verdict = decide(acme.set, facts, NOON);
        if (verdict.outcome !== 'issue') return;
        const { bounds } = verdict;
        const flow = acme.set.flows.get(bounds.flow.name);
        const right = acme.set.rights.get(bounds.right);
        expect(flow?.definition.request.audience).toContain(bounds.audience);
        expect(right?.audience).toBe(bounds.audience);
        for (const scope of bounds.scopes) expect(right?.scopes).toContain(scope);
        expect(bounds.scopes.length).toBeGreaterThan(0);
        expect(bounds.ttl).toBeLessThanOrEqual(
          Math.min(flow?.definition.request.ttl.max ?? 0, right?.maxTtl ?? 0),
        );
        expect(bounds.ttl).toBeGreaterThan(0);
        expect(bounds.proven.length).toBeGreaterThan(0);
        expect(verdict.consume).toHaveLength(bounds.proven.length);
        expect(bounds.pop).toContain(bounds.holder?.pop ?? 'none');
      }),
      { numRuns: 2000 },
    );
  });

  test('evidence in another order is the same decision', () => {
    for (const flow of FLOWS) {
      const facts = goodFacts(flow, acme);
      const turned = { ...facts, evidence: facts.evidence.toReversed() };
      expect(decide(acme.set, turned, NOON)).toEqual(decide(acme.set, facts, NOON));
    }
  });

  test('more evidence, more people, more events never turn a refusal into an issue', () => {
    const facts = goodFacts(DEPLOY_FLOW, acme);
    const evidence = [...facts.evidence, personEvidence('rui-01ab')];
    const refused = { ...facts, evidence, events: ['approved'], freezes: {} };
    expect(decide(acme.set, { ...refused, freezes: neverFrozen(refused) }, NOON).outcome).toBe('refused');
  });
});
