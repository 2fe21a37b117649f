import { domainsOf } from '../domain/domains.js';
import { Vocabulary } from '../formula/vocabulary.js';
import { axioms, compileSide } from '../model/compile-flow.js';
import { declare } from '../model/declare.js';
import { Scope } from '../model/scope.js';
import { Assignment, evaluate, pick } from '../solve/assignment.js';
import { all, Grounding } from '../solve/ground.js';
import { search } from '../solve/search.js';
import { situationOf } from '../witness/situation.js';
import { renamed } from './rename.js';
/** One flow as a statement, about which questions are asked. */
export class Inquiry {
    side;
    scope;
    model;
    /** what always holds */
    axioms;
    #vocabulary = new Vocabulary();
    #budget;
    #plain = null;
    /** @throws Unsupported where there are no classes for something */
    constructor(side, budget) {
        this.side = side;
        this.#budget = budget;
        declare(this.#vocabulary, side, side);
        this.scope = new Scope(side, this.#vocabulary);
        this.model = compileSide(side, this.#vocabulary);
        this.axioms = axioms([side]);
    }
    get vocabulary() {
        return this.#vocabulary;
    }
    /** Questions over what the flow itself names. */
    get plain() {
        this.#plain ??= this.over([]);
        return this.#plain;
    }
    /** Questions over what the flow names and what `more` names besides. */
    over(more) {
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
    another(attribute, label = 'another') {
        const name = `${label} ${attribute}`;
        const { kind, optional, closed, unit, step, least } = this.#vocabulary.get(attribute);
        this.#vocabulary.declare(name, kind, { optional, closed, unit, step, least });
        return { name, of: (formula) => renamed(formula, attribute, name) };
    }
}
/** Questions about requests: whether there is one of which all of some statements hold. */
export class Questions {
    #inquiry;
    #domains;
    #grounding;
    #budget;
    constructor(inquiry, domains, budget) {
        this.#inquiry = inquiry;
        this.#domains = domains;
        this.#budget = budget;
        this.#grounding = new Grounding(domains, inquiry.vocabulary);
    }
    /** @throws Exhausted */
    possible(statements) {
        return this.#solve(statements) !== null;
    }
    /**
     * Such a request in concrete values, or null where there is none. Somebody meets the `demands` that hold of it; who does so
     * would not count for `unmet`, where that can be.
     * @throws Exhausted
     */
    situation(statements, demands, unmet = null) {
        const masks = this.#solve(statements);
        if (masks === null)
            return null;
        const picks = pick(masks);
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
    #solve(statements) {
        const formulas = [...this.#inquiry.axioms, ...statements];
        const statement = all(formulas.map((formula) => this.#grounding.ground(formula)));
        return search(statement, this.#grounding.variables, this.#budget);
    }
}
//# sourceMappingURL=inquiry.js.map