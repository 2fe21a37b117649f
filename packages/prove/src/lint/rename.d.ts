import { type Formula } from '../formula/formula.ts';
/** The same statement of a request that has another value in place of an attribute. */
export declare function renamed(formula: Formula, from: string, to: string): Formula;
//# sourceMappingURL=rename.d.ts.map