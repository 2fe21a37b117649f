import { WritError } from '@writ/core';
import { full, type Ground, type Variable } from './ground.ts';
import { type Clause, type Levels, type Masks, type Part, Propagation } from './propagate.ts';

export type { Masks } from './propagate.ts';

/** How many case splits may still be made. Nodes are counted, not time, so that an answer never depends on the machine. */
export interface Budget {
  left: number;
}

/** The budget ran out; there is no answer. */
export class Exhausted extends WritError {
  constructor() {
    super('unsupported', 'the budget is exhausted');
  }
}

/**
 * Values under which the statement holds, or null where there are none: cases are split and what stands alone is applied;
 * where a case fails for reasons that an earlier choice has no part in, the other cases of that choice are not tried.
 * Whatever values are picked from the masks of the answer, the statement holds.
 * @throws Exhausted
 */
export function search(statement: Ground, variables: readonly Variable[], budget: Budget): Masks | null {
  const masks = variables.map(({ values }) => full(values.length));
  const found = descend([{ ground: statement, why: 0n }], new Propagation(masks), budget, 0n);
  return typeof found === 'bigint' ? null : found;
}

/** Values, or the levels whose choices cannot stand together. `level` is that of the next choice. */
function descend(parts: readonly Part[], state: Propagation, budget: Budget, level: bigint): Masks | Levels {
  const rest = state.apply(parts);
  if (typeof rest === 'bigint') return rest;
  const chosen = choiceOf(rest);
  if (chosen === null) return state.masks;
  const others = rest.filter((part) => part !== chosen);
  const mine = 1n << level;
  let failed = chosen.why;
  let excluded: readonly Part[] = [];
  for (const child of chosen.ground.args) {
    if (budget.left <= 0) throw new Exhausted();
    budget.left -= 1;
    const part: Part = { ground: child, why: chosen.why | mine };
    const found = descend([part, ...excluded, ...others], state.copy(), budget, level + 1n);
    if (typeof found !== 'bigint') return found;
    if ((found & mine) === 0n) return found;
    failed |= found & ~mine;
    if (child.op === 'in') excluded = [...excluded, { ground: state.complement(child), why: mine }];
  }
  return failed;
}

/**
 * The choice whose cases say most at once, so that what follows from a case soon contradicts it or settles the rest; of those
 * alike, one of few cases. Null where nothing is left to choose.
 */
function choiceOf(clauses: readonly Clause[]): Clause | null {
  let best: Clause | null = null;
  let most = 0;
  for (const clause of clauses) {
    const { args } = clause.ground;
    const weight = args.reduce((sum, arg) => sum + weightOf(arg), 0) / args.length;
    const more = weight > most || (weight === most && args.length < (best?.ground.args.length ?? 0));
    if (best !== null && !more) continue;
    best = clause;
    most = weight;
  }
  return best;
}

/** How many things a case says at once. */
function weightOf(ground: Ground): number {
  return ground.op === 'and' ? ground.args.length : 1;
}
