import type { CompiledFlow } from '@writ/flow';
import { type Comparison, compareSides, DEFAULT_BUDGET, type Moved } from './compare-sides.ts';
import { withControls } from './enforced-controls.ts';
import type { FlowVerdict } from './flow-verdict.ts';
import type { Side, Surroundings } from './model/model.ts';

/**
 * Whether a change to a flow lets anything through that was refused: for every request whose facts fit the schema, a
 * credential that the new flow lets become usable the old flow would have let become usable too, given the same facts.
 * `budget` is the number of case splits that may be made.
 */
export function compareFlows(
  old: CompiledFlow,
  fresh: CompiledFlow,
  around: Surroundings,
  budget: number = DEFAULT_BUDGET,
): FlowVerdict {
  return compareUnder({ flow: old, around }, { flow: fresh, around }, budget);
}

/** As `compareFlows`, where what stands around the two is not the same. */
export function compareUnder(old: Side, fresh: Side, budget: number = DEFAULT_BUDGET): FlowVerdict {
  return withControls(verdictOf(compareSides(old, fresh, budget)), old, fresh);
}

export function verdictOf({ wider, narrower, nodes }: Comparison): FlowVerdict {
  // A replayed request is certain, whatever else the search could not settle; its absence is not.
  const grows = wider.witness !== null;
  const shrinks = narrower.witness !== null;
  const unsettled = grows ? null : wider.unknown;
  const because = unsettled ?? (grows ? null : narrower.unknown);
  const verdict =
    unsettled !== null || (!grows && narrower.unknown !== null && !shrinks)
      ? 'unknown'
      : grows
        ? shrinks
          ? 'incomparable'
          : 'wider'
        : shrinks
          ? 'narrower'
          : 'same';
  const moved: readonly Moved[] = grows || unsettled !== null ? wider.moved : narrower.moved;
  return {
    verdict,
    stages: [...new Set(moved.map(({ stage }) => stage))],
    rules: [...new Set(moved.map(({ rule }) => rule))],
    wider: wider.witness,
    narrower: narrower.witness,
    because: verdict === 'unknown' ? because : null,
    nodes,
  };
}
