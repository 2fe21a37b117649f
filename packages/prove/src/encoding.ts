import { type Domains, domainsOf } from './domain/domains.ts';
import { type Formula, implies } from './formula/formula.ts';
import { Interner } from './formula/interner.ts';
import { Vocabulary } from './formula/vocabulary.ts';
import { axioms, compileSide } from './model/compile-flow.ts';
import { declare } from './model/declare.ts';
import type { Model, Side } from './model/model.ts';
import { all, type Ground, Grounding } from './solve/ground.ts';

/** Two sides over one vocabulary, with one value for each class of values that either can tell apart. */
export class Encoding {
  readonly sides: readonly [Side, Side];
  readonly models: readonly [Model, Model];
  readonly vocabulary: Vocabulary = new Vocabulary();
  readonly domains: Domains;
  readonly grounding: Grounding;
  readonly axioms: readonly Formula[];

  /** @throws Unsupported where there are no classes for something, or too many */
  constructor(first: Side, second: Side) {
    this.sides = [first, second];
    declare(this.vocabulary, first, second);
    declare(this.vocabulary, second, first);
    const interner = new Interner();
    const compiled = (side: Side): Model => interned(compileSide(side, this.vocabulary), interner);
    this.models = [compiled(first), compiled(second)];
    this.axioms = axioms(this.sides).map((formula) => interner.of(formula));
    const formulas = this.models.flatMap((model) => [
      ...model.rules.map(({ formula }) => formula),
      ...model.demands.flatMap(({ when, possible }) => [when, possible]),
    ]);
    this.domains = domainsOf([...this.axioms, ...formulas], this.vocabulary);
    this.grounding = new Grounding(this.domains, this.vocabulary);
  }

  all(formulas: readonly Formula[]): Ground {
    return all(formulas.map((formula) => this.grounding.ground(formula)));
  }
}

/** The model with one object for formulas that are written alike. */
function interned({ rules, demands }: Model, interner: Interner): Model {
  const of = (formula: Formula): Formula => interner.of(formula);
  return {
    rules: rules.map(({ alternatives, ...rule }) => ({
      ...rule,
      formula: of(rule.formula),
      ...(alternatives === undefined
        ? {}
        : { alternatives: alternatives.map(({ id, formula }) => ({ id, formula: of(formula) })) }),
    })),
    demands: demands.map((demand) => ({ ...demand, when: of(demand.when), possible: of(demand.possible) })),
  };
}

/** What must hold for a side to issue, whoever has to agree. */
export function issuing(
  model: Model,
  instead: ReadonlyMap<Model['rules'][number], Formula> = new Map(),
): readonly Formula[] {
  return [
    ...model.rules.map((rule) => instead.get(rule) ?? rule.formula),
    ...model.demands.map(({ when, possible }) => implies(when, possible)),
  ];
}
