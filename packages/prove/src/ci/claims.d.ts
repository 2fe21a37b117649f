import { type Formula } from '../formula/formula.ts';
import type { Model } from '../model/model.ts';
/** Every formula of a model. */
export declare function formulasOf({ rules, demands }: Model): readonly Formula[];
/** The claim is none of the texts that the flow names, and not that of an attribute of the identity it is held against. */
export declare function unfixed(model: Model, claim: string): Formula;
/** The claim is absent, or one of these texts. */
export declare function absentOrAny(claim: string, texts: readonly string[]): Formula;
/**
 * Texts that stand for "any": each of `plain`, and for each pattern that the claim is held against what it leaves open filled
 * in with them. A workflow is named with its ref behind an `@`: whoever chooses the ref chooses the workflow.
 */
export declare function anyOf(model: Model, claim: string, plain: readonly string[]): readonly string[];
//# sourceMappingURL=claims.d.ts.map