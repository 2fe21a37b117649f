import type { ArtefactSet, CompiledFlow, Problem } from '@writ/flow';
import type { Side } from '../model/model.ts';
import type { Budget } from '../solve/search.ts';
import { Inquiry } from './inquiry.ts';
import type { FlowFile } from './places.ts';
/** Kinds of artefacts that a directory of flows alone does not have, and that then say nothing. */
export type Lack = 'anchors' | 'audiences' | 'groups' | 'people';
/** One flow under lint, with what stands around it. */
export declare class Subject {
    #private;
    readonly flow: CompiledFlow;
    readonly set: ArtefactSet;
    readonly lacks: ReadonlySet<Lack>;
    /** its text, or null where that is not at hand */
    readonly file: FlowFile | null;
    /** what the loader warns of in that file */
    readonly warnings: readonly Problem[];
    constructor(of: Pick<Subject, 'flow' | 'set' | 'lacks' | 'file' | 'warnings'>, budget: Budget);
    get definition(): CompiledFlow['definition'];
    /** What the prover knows of it, made when the first rule asks. */
    get inquiry(): Inquiry;
}
/** A flow is judged under the guardrails, whoever holds a right to it today. */
export declare function sideOf(set: ArtefactSet, flow: CompiledFlow): Side;
//# sourceMappingURL=subject.d.ts.map