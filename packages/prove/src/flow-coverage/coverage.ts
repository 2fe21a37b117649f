import type { CompiledFlow, RecordedDecision } from '@writ/flow';
import { compareUnder } from '../compare-flows.ts';
import { DEFAULT_BUDGET } from '../compare-sides.ts';
import type { FlowVerdict } from '../flow-verdict.ts';
import { sideOf } from '../lint/subject.ts';
import type { Side } from '../model/model.ts';
import { Again } from './again.ts';
import { branches } from './branches.ts';
import { deletions } from './deletions.ts';
import type { Mutant } from './mutant.ts';
import { mutantsOf } from './mutants.ts';
import { type StageOutcome, stageOutcomes } from './stage-outcomes.ts';
import type { Tested } from './tested.ts';

/** How much of something the tests notice. */
export interface Share {
  readonly noticed: number;
  readonly all: number;
  /** what they do not, by name */
  readonly missed: readonly Missed[];
}

export interface Missed {
  readonly name: string;
  readonly mutant: Mutant;
  /** what tells the two apart; null where the proof has no answer */
  readonly verdict: FlowVerdict;
}

export interface Coverage {
  /** rules of which a test would notice that they are gone */
  readonly rules: Share;
  /** parts of conditions that were seen true, and seen false, with an effect */
  readonly branches: Share;
  readonly stages: readonly StageOutcome[];
  /** null where they were not asked for */
  readonly mutants: MutationScore | null;
}

export interface MutationScore extends Share {
  /** mutants that are proved to decide every request as the flow does, and count for nothing */
  readonly equivalent: readonly string[];
}

/**
 * What the tests of a flow decide: a rule is covered where a test would come out otherwise without it, and not because it was
 * evaluated. `budget` is the number of case splits for each question whether a mutant is the same flow.
 */
export function coverageOf(
  tested: Tested,
  decisions: readonly RecordedDecision[],
  { mutants, budget = DEFAULT_BUDGET }: { readonly mutants: boolean; readonly budget?: number },
): Coverage {
  const { flow, set } = tested;
  const share = (all: readonly Mutant[]): MutationScore => scoreOf(tested, decisions, all, budget);
  return {
    rules: share(deletions(flow, set.sha256)),
    branches: share(branches(flow, set.sha256)),
    stages: stageOutcomes(tested, decisions, budget),
    mutants: mutants ? share(mutantsOf(flow, set)) : null,
  };
}

function scoreOf(
  { flow, set }: Tested,
  decisions: readonly RecordedDecision[],
  mutants: readonly Mutant[],
  budget: number,
): MutationScore {
  // A test that fails notices nothing.
  const as = new Again(flow, flow);
  const passed = decisions.filter((decision) => !as.flips(decision));
  const left = mutants.filter((mutant) => {
    const again = new Again(mutant.flow, flow);
    return !passed.some((decision) => again.flips(decision));
  });
  const judged = left.map((mutant): Missed => {
    const rights = mutant.underRights ? set.rights : null;
    const side = (of: CompiledFlow): Side => {
      const { around } = sideOf(set, of);
      return { flow: of, around: { ...around, rights } };
    };
    const verdict = compareUnder(side(flow), side(mutant.flow), budget);
    return { name: mutant.name, mutant, verdict };
  });
  const equivalent = judged.filter(({ verdict }) => verdict.verdict === 'same').map(({ name }) => name);
  const missed = judged.filter(({ verdict }) => verdict.verdict !== 'same');
  const all = mutants.length - equivalent.length;
  return { noticed: all - missed.length, all, missed, equivalent };
}
