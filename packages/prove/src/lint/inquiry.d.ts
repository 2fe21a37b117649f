import { type Domains } from '../domain/domains.ts';
import type { Formula } from '../formula/formula.ts';
import { Vocabulary } from '../formula/vocabulary.ts';
import type { Demand, Model, Side } from '../model/model.ts';
import { Scope } from '../model/scope.ts';
import { type Budget } from '../solve/search.ts';
import { type Situation } from '../witness/situation.ts';
/** One flow as a statement, about which questions are asked. */
export declare class Inquiry {
    #private;
    readonly side: Side;
    readonly scope: Scope;
    readonly model: Model;
    /** what always holds */
    readonly axioms: readonly Formula[];
    /** @throws Unsupported where there are no classes for something */
    constructor(side: Side, budget: Budget);
    get vocabulary(): Vocabulary;
    /** Questions over what the flow itself names. */
    get plain(): Questions;
    /** Questions over what the flow names and what `more` names besides. */
    over(more: readonly Formula[]): Questions;
    /** A second value of an attribute beside the first, in a request that is otherwise the same. */
    another(attribute: string, label?: string): Another;
}
/** The other value of an attribute. */
export interface Another {
    readonly name: string;
    /** what is said of the request that has it */
    readonly of: (formula: Formula) => Formula;
}
/** Questions about requests: whether there is one of which all of some statements hold. */
export declare class Questions {
    #private;
    constructor(inquiry: Inquiry, domains: Domains, budget: Budget);
    /** @throws Exhausted */
    possible(statements: readonly Formula[]): boolean;
    /**
     * Such a request in concrete values, or null where there is none. Somebody meets the `demands` that hold of it; who does so
     * would not count for `unmet`, where that can be.
     * @throws Exhausted
     */
    situation(statements: readonly Formula[], demands: readonly Demand[], unmet?: Demand | null): Situation | null;
}
//# sourceMappingURL=inquiry.d.ts.map