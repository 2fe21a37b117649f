import { type Domains, domainsOf } from '../domain/domains.ts';
import { atom, type Formula, not } from '../formula/formula.ts';
import { Vocabulary } from '../formula/vocabulary.ts';
import { axioms, compileSide } from '../model/compile-flow.ts';
import { declare } from '../model/declare.ts';
import type { Demand, Model, Side } from '../model/model.ts';
import * as names from '../model/names.ts';
import { Scope } from '../model/scope.ts';
import { Assignment, evaluate, pick } from '../solve/assignment.ts';
import { all, Grounding } from '../solve/ground.ts';
import { type Budget, Exhausted, type Masks, search } from '../solve/search.ts';
import { type Situation, situationOf } from '../witness/situation.ts';
import { renamed } from './rename.ts';

/** One flow as a statement, about which questions are asked. */
export class Inquiry {
  readonly side: Side;
  readonly scope: Scope;
  readonly model: Model;
  /** what always holds */
  readonly axioms: readonly Formula[];
  readonly #vocabulary = new Vocabulary();
  readonly #budget: Budget;
  #plain: Questions | null = null;

  /** @throws Unsupported where there are no classes for something */
  constructor(side: Side, budget: Budget) {
    this.side = side;
    this.#budget = budget;
    declare(this.#vocabulary, side, side);
    this.scope = new Scope(side, this.#vocabulary);
    this.model = compileSide(side, this.#vocabulary);
    this.axioms = axioms([side]);
  }

  get vocabulary(): Vocabulary {
    return this.#vocabulary;
  }

  /** Questions over what the flow itself names. */
  get plain(): Questions {
    this.#plain ??= this.over([]);
    return this.#plain;
  }

  /** Questions over what the flow names and what `more` names besides. */
  over(more: readonly Formula[]): Questions {
    const { rules, demands } = this.model;
    const formulas = [
      ...this.axioms,
      ...rules.flatMap(({ formula, alternatives = [] }) => [
        formula,
        ...alternatives.map((each) => each.formula),
      ]),
      ...demands.flatMap(({ when, possible, known }) => [when, possible, ...Object.values(known)]),
      ...more,
    ];
    return new Questions(this, domainsOf(formulas, this.#vocabulary), this.#budget);
  }

  /** A second value of an attribute beside the first, in a request that is otherwise the same. */
  another(attribute: string, label = 'another'): Another {
    const name = `${label} ${attribute}`;
    const { kind, optional, closed, unit, step, least } = this.#vocabulary.get(attribute);
    this.#vocabulary.declare(name, kind, { optional, closed, unit, step, least });
    return { name, of: (formula) => renamed(formula, attribute, name) };
  }
}

/** The other value of an attribute. */
export interface Another {
  readonly name: string;
  /** what is said of the request that has it */
  readonly of: (formula: Formula) => Formula;
}

const NEW: Formula = not(atom({ test: 'below', left: names.TTL, right: names.LIFETIME }));
const LITTLE = 2_000;

/** Questions about requests: whether there is one of which all of some statements hold. */
export class Questions {
  readonly #inquiry: Inquiry;
  readonly #domains: Domains;
  readonly #grounding: Grounding;
  readonly #budget: Budget;

  constructor(inquiry: Inquiry, domains: Domains, budget: Budget) {
    this.#inquiry = inquiry;
    this.#domains = domains;
    this.#budget = budget;
    this.#grounding = new Grounding(domains, inquiry.vocabulary);
  }

  /** @throws Exhausted */
  possible(statements: readonly Formula[]): boolean {
    return this.#solve(statements, this.#budget) !== null;
  }

  /**
   * Such a request in concrete values, or null where there is none. Somebody meets the `demands` that hold of it; who does so
   * would not count for `unmet`, where that can be.
   * @throws Exhausted
   */
  situation(
    statements: readonly Formula[],
    demands: readonly Demand[],
    unmet: Demand | null = null,
  ): Situation | null {
    const masks = this.#solve(statements, this.#budget);
    if (masks === null) return null;
    const picks = pick(this.#plainer(statements) ?? masks);
    const { side, vocabulary } = this.#inquiry;
    const met = demands.filter(({ when }) => evaluate(this.#grounding.ground(when), picks));
    return situationOf({
      old: side,
      new: side,
      vocabulary,
      assignment: new Assignment(this.#grounding.variables, picks, this.#domains),
      demands: met,
      unmet,
    });
  }

  /** One in which nothing has been renewed is easier to read; the answer is certain without it. */
  #plainer(statements: readonly Formula[]): Masks | null {
    try {
      return this.#solve([...statements, NEW], { left: Math.min(LITTLE, this.#budget.left) });
    } catch (error) {
      if (!(error instanceof Exhausted)) throw error;
      return null;
    }
  }

  #solve(statements: readonly Formula[], budget: Budget): Masks | null {
    const formulas = [...this.#inquiry.axioms, ...statements];
    // A question costs what it is made of, so that many questions about many rules end as well.
    budget.left -= formulas.length;
    if (budget.left <= 0) throw new Exhausted();
    const statement = all(formulas.map((formula) => this.#grounding.ground(formula)));
    return search(statement, this.#grounding.variables, budget);
  }
}
