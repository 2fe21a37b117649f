import type { Facts, Verdict } from '@writ/core';
import {
  type Act,
  type Base,
  type CompiledFlow,
  type Expectation,
  FRESH,
  type Given,
  mismatches,
  type Observed,
  observedOf,
  type RecordedDecision,
} from '@writ/flow';
import { Again } from './again.ts';
import { attemptsAt } from './attempts.ts';
import type { Missed } from './coverage.ts';
import type { Mutant } from './mutant.ts';
import { type Variation, variationsOf } from './variations.ts';

/** A test that would notice a mutant. */
export interface Suggestion {
  readonly mutant: Mutant;
  readonly given: Given;
  /** what happens after the first request; null where that is enough */
  readonly act: Act | null;
  readonly expect: Expectation;
}

/**
 * The test that is missing: a request of a fixture with as little changed as tells the flow from the mutant, by what the
 * prover's request has and the fixture has not. Null where no request of that kind does.
 */
export function suggestionFor(
  flow: CompiledFlow,
  bases: readonly Base[],
  { mutant, verdict }: Missed,
): Suggestion | null {
  const versus = new Versus(flow, mutant.flow);
  const witnesses = [verdict.wider, verdict.narrower].flatMap((witness) => witness?.situation ?? []);
  for (const base of bases) {
    const found = versus.told(base, []);
    if (found !== null) return { mutant, ...found };
  }
  for (const most of [1, 2]) {
    for (const base of bases) {
      const variations = witnesses.flatMap((witness) => variationsOf(flow, base, witness));
      for (const chosen of combinations(variations, most)) {
        const found = versus.told(base, chosen);
        if (found !== null) return { mutant, ...found };
      }
    }
  }
  for (const base of bases) {
    for (const witness of witnesses) {
      const all = variationsOf(flow, base, witness);
      // Who asks is better left to the fixture: the witness speaks of people whom nobody knows.
      const asked = all.filter(({ path }) => !path.startsWith('evidence.'));
      const found = leastOf(versus, base, asked) ?? leastOf(versus, base, all);
      if (found !== null) return { mutant, ...found };
    }
  }
  return null;
}

/** All that the witness has, less what can be left as it is. */
function leastOf(versus: Versus, base: Base, variations: readonly Variation[]): Told | null {
  // Where two say the same thing of a path, the witness is the first.
  let left = variations.filter((each, i) => variations.findIndex(({ path }) => path === each.path) === i);
  let found = versus.told(base, left);
  for (const each of found === null ? [] : left) {
    const fewer = left.filter((other) => other !== each);
    const still = versus.told(base, fewer);
    if (still === null) continue;
    left = fewer;
    found = still;
  }
  return found;
}

function combinations(variations: readonly Variation[], most: number): readonly (readonly Variation[])[] {
  if (most === 1) return variations.map((each) => [each]);
  return variations.flatMap((first, i) =>
    variations.slice(i + 1).flatMap((second) => (first.path === second.path ? [] : [[first, second]])),
  );
}

/** Whether the tests that were run notice what the suggestion is for: some did not get as far as the rules. */
export function bringsAbout(
  flow: CompiledFlow,
  { mutant }: Suggestion,
  decisions: readonly RecordedDecision[],
): boolean {
  const other = new Again(mutant.flow, flow);
  return decisions.some((decision) => other.flips(decision));
}

type Told = Omit<Suggestion, 'mutant'>;

/** A flow and a mutant of it. */
class Versus {
  readonly #flow: CompiledFlow;
  readonly #mutant: CompiledFlow;
  readonly #own: Again;
  readonly #other: Again;

  constructor(flow: CompiledFlow, mutant: CompiledFlow) {
    this.#flow = flow;
    this.#mutant = mutant;
    this.#own = new Again(flow, flow);
    this.#other = new Again(mutant, flow);
  }

  /** How a test of this request would tell the two apart, or null. */
  told(base: Base, variations: readonly Variation[]): Told | null {
    const facts = variations.reduce((so, { apply }) => apply(so), base.facts);
    const given = givenOf(base.given, variations);
    const { expect, verdict } = this.#difference(base, facts, base.now);
    if (expect !== null) return { given, act: null, expect };
    if (verdict.outcome !== 'waiting') return null;
    for (const attempt of attemptsAt(this.#flow, base, facts, verdict)) {
      const after = this.#difference(base, attempt.facts, attempt.now);
      if (after.expect !== null) return { given, act: attempt.act, expect: after.expect };
    }
    return null;
  }

  #difference(
    { set }: Base,
    facts: Facts,
    now: number,
  ): { readonly expect: Expectation | null; readonly verdict: Verdict } {
    const verdict = this.#own.decide({ set, facts, now });
    const seen = observedOf(this.#flow.definition, verdict, FRESH);
    const other = observedOf(this.#mutant.definition, this.#other.decide({ set, facts, now }), FRESH);
    const all = expectationOf(seen);
    return { expect: mismatches(all, other).length === 0 ? null : reduced(all, other), verdict };
  }
}

function givenOf({ from, with: own, without }: Given, variations: readonly Variation[]): Given {
  const put = variations.flatMap(({ path, value, besides }) => [
    ...Object.entries(besides),
    ...(value === undefined ? [] : [[path, value] as const]),
  ]);
  const taken = variations.flatMap(({ path, value }) => (value === undefined ? [path] : []));
  return {
    from,
    with: { ...own, ...Object.fromEntries(put) },
    without: [...new Set([...without, ...taken])],
  };
}

const NOTHING: Expectation = {
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

/** Everything of an answer that a test can hold to. */
function expectationOf(seen: Observed): Expectation {
  const { outcome } = seen;
  if (outcome === 'refused')
    return { ...NOTHING, outcome, stage: seen.stage, decidedBy: seen.decidedBy.slice(0, 1) };
  if (outcome === 'waiting') return { ...NOTHING, outcome, approvals: seen.approvals };
  const { ttl, binding, humanVisible, activate, revokeOn, reviewEvery, rotateEvery, approvals } = seen;
  const plain = { ttl, binding, humanVisible, activate, revokeOn, reviewEvery, rotateEvery, approvals };
  return { ...NOTHING, outcome, ...plain };
}

/** The outcome, and of the rest no more than tells the other answer from it. */
function reduced(all: Expectation, other: Observed): Expectation {
  const least = { ...NOTHING, outcome: all.outcome, stage: all.stage };
  if (mismatches(least, other).length > 0) return least;
  const alone = PARTS.map((take) => ({ ...least, ...take(all) }));
  return alone.find((each) => mismatches(each, other).length > 0) ?? all;
}

const PARTS: readonly ((all: Expectation) => Partial<Expectation>)[] = [
  ({ approvals }) => ({ approvals }),
  ({ decidedBy }) => ({ decidedBy }),
  ({ ttl }) => ({ ttl }),
  ({ binding }) => ({ binding }),
  ({ humanVisible }) => ({ humanVisible }),
  ({ activate }) => ({ activate }),
  ({ revokeOn }) => ({ revokeOn }),
  ({ reviewEvery }) => ({ reviewEvery }),
  ({ rotateEvery }) => ({ rotateEvery }),
];
