import { WritError } from '@writ/core';
import { all, any, full, type Ground, type Variable } from './ground.ts';

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

/** For every variable the values it can still have. */
export type Masks = readonly bigint[];

/**
 * Values under which the statement holds, or null where there are none: case splitting with unit propagation. Whatever
 * values are picked from the masks of the answer, the statement holds.
 * @throws Exhausted
 */
export function search(statement: Ground, variables: readonly Variable[], budget: Budget): Masks | null {
  return descend(
    statement,
    variables.map(({ values }) => full(values.length)),
    budget,
  );
}

function descend(statement: Ground, masks: Masks, budget: Budget): Masks | null {
  const { rest, narrowed } = propagate(statement, masks);
  if (rest.op === 'false') return null;
  if (rest.op === 'true') return narrowed;
  if (budget.left <= 0) throw new Exhausted();
  budget.left -= 1;
  const { variable, values } = literalOf(rest);
  const mask = narrowed[variable] ?? 0n;
  return (
    descend(rest, narrowed.with(variable, mask & values), budget) ??
    descend(rest, narrowed.with(variable, mask & ~values), budget)
  );
}

/** Applies everything that stands alone, until nothing more does. */
function propagate(statement: Ground, masks: Masks): { rest: Ground; narrowed: Masks } {
  let narrowed = masks;
  for (let rest = statement; ; ) {
    rest = simplify(rest, narrowed);
    const units =
      rest.op === 'in' ? [rest] : rest.op === 'and' ? rest.args.filter((arg) => arg.op === 'in') : [];
    if (units.length === 0) return { rest, narrowed };
    const next = [...narrowed];
    for (const { variable, values } of units) next[variable] = (next[variable] ?? 0n) & values;
    narrowed = next;
  }
}

function simplify(statement: Ground, masks: Masks): Ground {
  switch (statement.op) {
    case 'true':
    case 'false':
      return statement;
    case 'in': {
      const mask = masks[statement.variable] ?? 0n;
      const both = mask & statement.values;
      if (both === 0n) return { op: 'false' };
      return both === mask ? { op: 'true' } : statement;
    }
    case 'and': {
      const args: Ground[] = [];
      for (const arg of statement.args) {
        const simple = simplify(arg, masks);
        if (simple.op === 'false') return simple;
        args.push(simple);
      }
      return all(args);
    }
    case 'or': {
      const args: Ground[] = [];
      for (const arg of statement.args) {
        const simple = simplify(arg, masks);
        if (simple.op === 'true') return simple;
        args.push(simple);
      }
      return any(args);
    }
  }
}

/** A literal of the smallest part, so that a decision soon leaves something standing alone. */
function literalOf(statement: Ground): Ground & { op: 'in' } {
  if (statement.op === 'in') return statement;
  if (statement.op !== 'and' && statement.op !== 'or')
    throw new WritError('invalid', 'nothing is left to decide');
  let smallest = statement.args[0];
  for (const arg of statement.args)
    if (smallest === undefined || sizeOf(arg) < sizeOf(smallest)) smallest = arg;
  if (smallest === undefined) throw new WritError('invalid', 'nothing is left to decide');
  return literalOf(smallest);
}

function sizeOf(statement: Ground): number {
  return statement.op === 'and' || statement.op === 'or' ? statement.args.length : 1;
}
