import { DEPLOY_FLOW, goodFacts, loadAcme, NOON } from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import { decide } from '../decide/decide.ts';
import type { Expectation } from './flow-test.ts';
import { loadFlowTest } from './load-flow-test.ts';
import { FRESH, mismatches, observedOf, type Standing } from './observed.ts';

const acme = loadAcme();
const flow = acme.set.flows.get(DEPLOY_FLOW);
if (flow === undefined) throw new Error('the example has no such flow');
const { definition } = flow;
const good = goodFacts(DEPLOY_FLOW, acme);
const [evidence] = good.evidence;

function expectation(text: string): Expectation {
  const { file, problems } = loadFlowTest(
    'x',
    `writ: flow-test/v1
flow: ci-deploy-token
fixtures: { a: { request: {}, identity: {}, now: 2026-07-01T10:00:00Z } }
tests: [{ name: a, given: a, expect: ${text} }]`,
  );
  const expected = file?.tests[0]?.expect;
  if (expected === undefined || expected === null) throw new Error(JSON.stringify(problems));
  return expected;
}

function told(text: string, facts = good, standing: Standing = FRESH): readonly string[] {
  return mismatches(expectation(text), observedOf(definition, decide(acme.set, facts, NOON), standing));
}

describe('what is expected of an answer', () => {
  test('holds to what the answer says', () => {
    expect(
      told(
        '{ outcome: issued, ttl: 10m, binding: [mtls, dpop], human-visible: false, approvals: [], activate: issued, decided-by: [proof.github] }',
      ),
    ).toEqual([]);
  });

  test.each([
    ['{ outcome: waiting }', 'outcome'],
    ['{ ttl: 9m }', 'ttl'],
    ['{ binding: [dpop] }', 'binding'],
    ['{ human-visible: true }', 'human-visible'],
    ['{ approvals: [out-of-hours] }', 'approvals'],
    ['{ activate: confirmed }', 'activate'],
    ['{ revoke-on: [owner.offboarded] }', 'revoke-on'],
    ['{ review-every: 30d }', 'review-every'],
    ['{ decided-by: [policy.permit.release-to-staging] }', 'decided-by'],
    ['{ stage: proof }', 'stage'],
    ['{ because: anything }', 'because'],
    ['{ refused-approval: requester }', 'refused-approval'],
    ['{ approvals-voided: [out-of-hours] }', 'approvals-voided'],
  ])('%s is told apart from what was issued', (text, what) => {
    expect(told(text)).toHaveLength(1);
    expect(told(text)[0]).toContain(what);
  });

  test('a reason is said by its message, and for a claim by what was expected of it', () => {
    if (evidence === undefined) throw new Error('no evidence');
    const fork = {
      ...good,
      evidence: [{ ...evidence, claims: { ...evidence.claims, ref: 'refs/pull/3/merge' } }],
    };
    expect(told('{ because: { proof.github: "ref does not match refs/heads/release-*" } }', fork)).toEqual(
      [],
    );
    expect(told('{ because: { proof.github.ref: "a value this flow does not accept" } }', fork)).toEqual([]);
    expect(told('{ because: { proof.git: "ref does not match refs/heads/release-*" } }', fork)).toHaveLength(
      1,
    );
    expect(told('{ because: "ref does not match refs/heads/main" }', fork)).toHaveLength(1);
  });

  test('a freeze stops a run where it stands', () => {
    const frozen = { ...good, freezes: {} };
    expect(told('{ outcome: refused, stage: request }', frozen)).toEqual([]);
    expect(told('{ outcome: refused, stage: generate }', frozen, { ...FRESH, stage: 'generate' })).toEqual(
      [],
    );
    expect(told('{ stage: policy }', { ...good, sources: {} }, { ...FRESH, stage: 'generate' })).toEqual([]);
  });
});
