import { type Formula } from '../formula/formula.ts';
import type { Attribute } from '../formula/vocabulary.ts';
import type { Inquiry } from './inquiry.ts';
/** Something that conditions read and that whoever asks does not choose. */
export interface Readable {
    /** as conditions name it: `evidence.github.ref`, `facts.risk.score` */
    readonly path: string;
    /** as the model names it */
    readonly name: string;
    readonly attribute: Attribute;
    /** the only texts it can be, or null */
    readonly oneOf: readonly string[] | null;
}
/** What a flow's conditions can read besides the request itself. */
export declare function readablesOf(inquiry: Inquiry): readonly Readable[];
/** Whether a statement says anything of an attribute. */
export declare function speaksOf(formula: Formula, name: string): boolean;
//# sourceMappingURL=readable.d.ts.map