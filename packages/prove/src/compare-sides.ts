import type { Stage } from '@writ/core';
import { escapes } from './cover.ts';
import { domainsOf } from './domain/domains.ts';
import { and, FALSE, type Formula, implies, keyOf, not, or, TRUE } from './formula/formula.ts';
import { Unsupported, Vocabulary } from './formula/vocabulary.ts';
import { axioms, compileSide } from './model/compile-flow.ts';
import { declare } from './model/declare.ts';
import type { Demand, Model, Rule, Side } from './model/model.ts';
import { Assignment, evaluate, pick } from './solve/assignment.ts';
import { all, type Ground, Grounding } from './solve/ground.ts';
import { type Budget, Exhausted, search } from './solve/search.ts';
import { type Replayed, replay } from './witness/replay.ts';
import { type Situation, situationOf } from './witness/situation.ts';

/** A concrete request that one side answers and the other does not, as both really decided it. */
export interface Witness {
  readonly stage: Stage;
  readonly rule: string;
  readonly situation: Situation;
  /** under the side that refuses it or waits */
  readonly before: Replayed;
  /** under the side that issues it */
  readonly after: Replayed;
}

/** A rule that lets through what the other side's rule of that name did not. */
export interface Moved {
  readonly stage: Stage;
  readonly rule: string;
}

/** What one side lets through and the other does not. */
export interface Widening {
  readonly moved: readonly Moved[];
  readonly witness: Witness | null;
  /** why there is no answer, or null */
  readonly unknown: string | null;
}

/** Both directions, and what they cost. */
export interface Comparison {
  readonly wider: Widening;
  readonly narrower: Widening;
  readonly nodes: number;
}

/** How many case splits one comparison may make, where the caller does not say. */
export const DEFAULT_BUDGET = 2_000_000;

/** What each side lets through that the other does not. */
export function compareSides(old: Side, fresh: Side, nodes: number = DEFAULT_BUDGET): Comparison {
  const budget: Budget = { left: nodes };
  try {
    const pair = new Pair(old, fresh, budget);
    const wider = pair.widening(false);
    const narrower = pair.widening(true);
    return { wider, narrower, nodes: nodes - budget.left };
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    const unknown: Widening = { moved: [], witness: null, unknown: error.message };
    return { wider: unknown, narrower: unknown, nodes: nodes - budget.left };
  }
}

/** A way to be refused by one side that the other side does not surely share. */
interface Escape extends Moved {
  readonly formula: Formula;
  readonly unmet: Demand | null;
  /** what the other side must be, where less than all its rules need be looked at (delta form) */
  readonly instead: ReadonlyMap<Rule, Formula>;
}

/** Two sides over one vocabulary, with one value for each class. */
class Pair {
  readonly #sides: readonly [Side, Side];
  readonly #models: readonly [Model, Model];
  readonly #vocabulary = new Vocabulary();
  readonly #grounding: Grounding;
  readonly #domains: ReturnType<typeof domainsOf>;
  readonly #axioms: readonly Formula[];
  readonly #budget: Budget;

  constructor(old: Side, fresh: Side, budget: Budget) {
    this.#budget = budget;
    this.#sides = [old, fresh];
    declare(this.#vocabulary, old, fresh);
    declare(this.#vocabulary, fresh, old);
    this.#models = [compileSide(old, this.#vocabulary), compileSide(fresh, this.#vocabulary)];
    this.#axioms = axioms(this.#sides);
    const demands = this.#models.flatMap((model) =>
      model.demands.flatMap(({ when, possible }) => [when, possible]),
    );
    const rules = this.#models.flatMap((model) => model.rules.map(({ formula }) => formula));
    this.#domains = domainsOf([...this.#axioms, ...rules, ...demands], this.#vocabulary);
    this.#grounding = new Grounding(this.#domains, this.#vocabulary);
  }

  /** What the second side lets through that the first does not; the other way round where `swapped`. */
  widening(swapped: boolean): Widening {
    const [old, fresh] = swapped ? [this.#models[1], this.#models[0]] : this.#models;
    const moved = new Map<string, Moved>();
    let witness: Witness | null = null;
    try {
      for (const escape of escapesOf(old, fresh)) {
        const name = `${escape.stage} ${escape.rule}`;
        if (moved.has(name) && witness !== null) continue;
        const situation = this.#find(escape, old, fresh, swapped);
        if (situation === null) continue;
        moved.set(name, { stage: escape.stage, rule: escape.rule });
        const replayed = this.#replay(escape, situation, swapped);
        if (replayed === null) {
          const unknown = `what moves \`${escape.rule}\` could not be replayed`;
          return { moved: [...moved.values()], witness, unknown };
        }
        witness ??= replayed;
      }
    } catch (error) {
      if (!(error instanceof Exhausted)) throw error;
      return { moved: [...moved.values()], witness, unknown: error.message };
    }
    return { moved: [...moved.values()], witness, unknown: null };
  }

  #find(escape: Escape, old: Model, fresh: Model, swapped: boolean): Situation | null {
    const rules = fresh.rules.map((rule) => escape.instead.get(rule) ?? rule.formula);
    const possible = fresh.demands.map((demand) => implies(demand.when, demand.possible));
    const statement = this.#all([...this.#axioms, escape.formula, ...rules, ...possible]);
    // First a request that everything else of the old side lets through: it shows what moved and nothing beside it.
    const others = old.rules.filter(({ stage, id }) => stage !== escape.stage || id !== escape.rule);
    const alone = this.#search(all([statement, this.#all(others.map(({ formula }) => formula))]));
    const picks = alone ?? this.#search(statement);
    if (picks === null) return null;
    const demands = fresh.demands.filter(({ when }) => evaluate(this.#grounding.ground(when), picks));
    const [first, second] = this.#sides;
    return situationOf({
      old: swapped ? second : first,
      new: swapped ? first : second,
      vocabulary: this.#vocabulary,
      assignment: new Assignment(this.#grounding.variables, picks, this.#domains),
      demands,
      unmet: escape.unmet,
    });
  }

  #all(formulas: readonly Formula[]): Ground {
    return all(formulas.map((formula) => this.#grounding.ground(formula)));
  }

  #search(statement: Ground): readonly number[] | null {
    const masks = search(statement, this.#grounding.variables, this.#budget);
    return masks === null ? null : pick(masks);
  }

  /** Null where the real decision does not confirm it: then there is no answer. */
  #replay({ stage, rule }: Escape, situation: Situation, swapped: boolean): Witness | null {
    const [first, second] = this.#sides;
    const before = replay(swapped ? second : first, situation);
    const after = replay(swapped ? first : second, situation);
    return after.active && !before.active ? { stage, rule, situation, before, after } : null;
  }
}

function escapesOf(old: Model, fresh: Model): readonly Escape[] {
  const kept = new Set(fresh.rules.map(({ formula }) => keyOf(formula)));
  const broken = old.rules
    .filter(({ formula }) => !kept.has(keyOf(formula)))
    .map(
      (rule): Escape => ({
        stage: rule.stage,
        rule: rule.id,
        formula: not(rule.formula),
        unmet: null,
        instead: delta(rule, fresh),
      }),
    );
  const demanded = new Set(fresh.demands.map(demandKey));
  const unmet = old.demands
    .filter((demand) => !demanded.has(demandKey(demand)))
    .map(
      (demand): Escape => ({
        stage: demand.stage,
        rule: demand.id,
        formula: escapes(demand, fresh.demands),
        unmet: demand,
        instead: new Map(),
      }),
    );
  return [...broken, ...unmet].filter(({ formula }) => formula.op !== 'false');
}

/** Of the new side's alternatives only those need be looked at that the old side does not have too. */
function delta(old: Rule, fresh: Model): ReadonlyMap<Rule, Formula> {
  const { alternatives } = old;
  const rival = fresh.rules.find((rule) => rule.id === old.id && rule.alternatives !== undefined);
  if (alternatives === undefined || rival === undefined) return new Map();
  const had = new Set(alternatives.map(({ formula }) => keyOf(formula)));
  const changed = (rival.alternatives ?? []).filter(({ formula }) => !had.has(keyOf(formula)));
  return new Map([[rival, or(FALSE, ...changed.map(({ formula }) => formula))]]);
}

function demandKey({ stage, when, who, count, possible }: Demand): string {
  return JSON.stringify([stage, keyOf(and(TRUE, when)), who, count, keyOf(possible)]);
}
