import type { Facts } from '@writ/core';
import { type Base, decide, type Expectation, FRESH, type RecordedDecision } from '@writ/flow';
import { DEPLOY_FLOW, type Edit, goodFacts, loadAcme, NOON } from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import { coverageOf } from './coverage.ts';
import { bringsAbout, suggestionFor } from './suggest.ts';
import { suggestedTest, suggestedYaml } from './suggested-yaml.ts';
import type { Tested } from './tested.ts';

const FLOW = 'flows/ci-deploy-token.flow.yaml';

function tested(...edits: readonly Edit[]): Tested & { readonly good: Facts } {
  const acme = loadAcme(...edits);
  const flow = acme.set.flows.get(DEPLOY_FLOW);
  if (flow === undefined) throw new Error('the example has no such flow');
  return { flow, set: acme.set, good: goodFacts(DEPLOY_FLOW, acme) };
}

const ANY: Expectation = {
  outcome: null,
  stage: null,
  because: null,
  ttl: null,
  binding: null,
  humanVisible: null,
  deliver: null,
  activate: null,
  revokeOn: null,
  reviewEvery: null,
  rotateEvery: null,
  approvals: null,
  decidedBy: null,
  refusedApproval: null,
  approvalsVoided: null,
};

/** A decision as a test that expects just this outcome looks at it. */
function looked({ set }: Tested, facts: Facts, outcome: Expectation['outcome']): RecordedDecision {
  const verdict = decide(set, facts, NOON);
  return {
    test: 'a test',
    line: 1,
    expect: { ...ANY, outcome },
    set,
    facts,
    now: NOON,
    standing: FRESH,
    verdict,
  };
}

const withClaims = (facts: Facts, claims: Readonly<Record<string, string>>): Facts => ({
  ...facts,
  evidence: facts.evidence.map((each) => ({ ...each, claims: { ...each.claims, ...claims } })),
});

const names = (missed: readonly { readonly name: string }[]): readonly string[] =>
  missed.map(({ name }) => name);

describe('S3.4 coverage is decisiveness', () => {
  test('a rule that was evaluated and decided nothing is not covered', () => {
    const about = tested();
    const { rules } = coverageOf(about, [looked(about, about.good, 'issued')], { mutants: false });
    // The forbids were evaluated: without them the very same is issued.
    expect(names(rules.missed)).toContain('delete policy.forbid.base-code-for-a-fork');
    expect(names(rules.missed)).not.toContain('delete policy.permit.release-to-production');
  });

  test('a rule is covered once a test would come out otherwise without it', () => {
    const about = tested();
    const fork = withClaims(about.good, { event_name: 'pull_request_target' });
    const { rules } = coverageOf(about, [looked(about, fork, 'refused')], { mutants: false });
    expect(names(rules.missed)).not.toContain('delete policy.forbid.base-code-for-a-fork');
    expect(names(rules.missed)).toContain('delete policy.forbid.write-only-from-protected');
  });

  test('a test that expects nothing of the outcome covers nothing by it', () => {
    const about = tested();
    const fork = withClaims(about.good, { event_name: 'pull_request_target' });
    const { rules } = coverageOf(about, [looked(about, fork, null)], { mutants: false });
    expect(rules.noticed).toBe(0);
  });

  test('a test that fails covers nothing', () => {
    const about = tested();
    const { rules, mutants } = coverageOf(about, [looked(about, about.good, 'refused')], { mutants: true });
    expect(rules.noticed).toBe(0);
    expect(mutants?.noticed).toBe(0);
  });

  test('what is proved to decide every request alike counts for nothing', () => {
    const about = tested([
      FLOW,
      '    - id: write-only-from-protected',
      `    - id: base-code-again
      because: said twice on purpose
      redundant: intended
      when: evidence.github.event_name == "pull_request_target"
    - id: write-only-from-protected`,
    ]);
    const { rules, mutants } = coverageOf(about, [], { mutants: true });
    // Either of the two can go, and nothing changes.
    expect(names(rules.missed)).not.toContain('delete policy.forbid.base-code-again');
    expect(names(rules.missed)).toContain('delete policy.forbid.write-only-from-protected');
    expect(mutants?.equivalent).toContain('delete policy.forbid.base-code-again');
  });

  test('a mutant whose proof is out of budget is not called the same', () => {
    const about = tested();
    const { mutants } = coverageOf(about, [], { mutants: true, budget: 1 });
    expect(mutants?.equivalent).toEqual([]);
    expect(mutants?.noticed).toBe(0);
  });
});

describe('the test that is missing', () => {
  const about = tested();
  const base: Base = {
    given: { from: 'release', with: {}, without: [] },
    set: about.set,
    facts: about.good,
    now: NOON,
  };
  const { rules, mutants } = coverageOf(about, [], { mutants: true });

  test.each([
    ['delete proof.github.runner_environment', 'refused'],
    ['delete policy.permit.release-to-production', 'issued'],
    ['delete policy.forbid.base-code-for-a-fork', 'refused'],
    ['delete approval.out-of-hours', 'waiting'],
  ])('for %s is %s, and notices it', (name, outcome) => {
    const missed = rules.missed.find((each) => each.name === name);
    if (missed === undefined) throw new Error(`${name} is not missed`);
    const suggestion = suggestionFor(about.flow, [base], missed);
    expect(suggestion?.expect.outcome).toBe(outcome);
  });

  test('is found for what only a second look by a person tells apart', () => {
    const missed = mutants?.missed.find(({ name }) => name === 'double the life of approval.out-of-hours');
    if (missed === undefined) throw new Error('it is not missed');
    const suggestion = suggestionFor(about.flow, [base], missed);
    expect(suggestion?.act).toEqual({ kind: 'advance', seconds: 7201 });
  });

  test('is not taken for one that notices until a decision shows it', () => {
    const missed = rules.missed.find(({ name }) => name === 'delete policy.forbid.base-code-for-a-fork');
    const suggestion = missed === undefined ? null : suggestionFor(about.flow, [base], missed);
    if (suggestion === null) throw new Error('nothing is suggested');
    expect(bringsAbout(about.flow, suggestion, [])).toBe(false);
    expect(bringsAbout(about.flow, suggestion, [looked(about, about.good, 'issued')])).toBe(false);
  });

  test('is written as a test file says it', () => {
    const missed = rules.missed.find(({ name }) => name === 'delete policy.forbid.base-code-for-a-fork');
    const suggestion = missed === undefined ? null : suggestionFor(about.flow, [base], missed);
    if (suggestion === null) throw new Error('nothing is suggested');
    expect(suggestedTest(suggestion)).toEqual({
      name: 'suggested: notices delete policy.forbid.base-code-for-a-fork',
      given: { from: 'release', with: { 'evidence.github.event_name': 'pull_request_target' } },
      expect: { outcome: 'refused', stage: 'policy' },
    });
    expect(suggestedYaml(suggestion).split('\n')).toEqual([
      '  - name: "suggested: notices delete policy.forbid.base-code-for-a-fork"',
      '    given: { from: release, with: { evidence.github.event_name: pull_request_target } }',
      '    expect: { outcome: refused, stage: policy }',
    ]);
  });
});
