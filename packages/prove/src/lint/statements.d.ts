import type { ProofDefinition } from '@writ/flow';
import { type Formula } from '../formula/formula.ts';
import type { Demand, Rule } from '../model/model.ts';
import type { Inquiry } from './inquiry.ts';
/** A usable credential comes of it, whoever has to agree; with other formulas in place of some rules, where that is asked. */
export declare function issued({ model }: Inquiry, instead?: ReadonlyMap<Rule, Formula>): readonly Formula[];
export declare function approvalsOf({ model }: Inquiry): readonly Demand[];
/** No approval is demanded. */
export declare function unasked(inquiry: Inquiry): readonly Formula[];
/** This proof is accepted, and no other is put before the flow unless every one is demanded. */
export declare function provenBy({ scope }: Inquiry, proof: ProofDefinition): Formula;
//# sourceMappingURL=statements.d.ts.map