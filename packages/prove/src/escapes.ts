import type { Stage } from '@writ/core';
import { escapes } from './cover.ts';
import { FALSE, type Formula, not, or } from './formula/formula.ts';
import type { Demand, Model, Rule } from './model/model.ts';

/** A way to be refused by one side that the other side does not surely share. */
export interface Escape {
  readonly stage: Stage;
  readonly rule: string;
  readonly formula: Formula;
  readonly unmet: Demand | null;
  /** what the other side must be, where less than all its rules need be looked at (delta form) */
  readonly instead: ReadonlyMap<Rule, Formula>;
}

/** Every way to be refused by `old` that `fresh` does not have word for word: formulas written alike are one object. */
export function escapesOf(old: Model, fresh: Model): readonly Escape[] {
  const kept = new Set(fresh.rules.map(({ formula }) => formula));
  const broken = old.rules
    .filter(({ formula }) => !kept.has(formula))
    .map(
      (rule): Escape => ({
        stage: rule.stage,
        rule: rule.id,
        formula: not(rule.formula),
        unmet: null,
        instead: delta(rule, fresh),
      }),
    );
  const unmet = old.demands
    .filter((demand) => !fresh.demands.some((each) => alike(demand, each)))
    .map(
      (demand): Escape => ({
        stage: demand.stage,
        rule: demand.id,
        formula: escapes(demand, fresh.demands),
        unmet: demand,
        instead: new Map(),
      }),
    );
  return [...unmet, ...broken].filter(({ formula }) => formula.op !== 'false');
}

/** Of the new side's alternatives only those need be looked at that the old side does not have too. */
function delta(old: Rule, fresh: Model): ReadonlyMap<Rule, Formula> {
  const { alternatives } = old;
  const rival = fresh.rules.find((rule) => rule.id === old.id && rule.alternatives !== undefined);
  if (alternatives === undefined || rival === undefined) return new Map();
  const had = new Set(alternatives.map(({ formula }) => formula));
  const changed = (rival.alternatives ?? []).filter(({ formula }) => !had.has(formula));
  return new Map([[rival, or(FALSE, ...changed.map(({ formula }) => formula))]]);
}

function alike(a: Demand, b: Demand): boolean {
  const same = a.stage === b.stage && a.count === b.count && a.when === b.when && a.possible === b.possible;
  return same && JSON.stringify(a.who) === JSON.stringify(b.who);
}
