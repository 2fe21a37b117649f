import { Inquiry } from './inquiry.js';
/** One flow under lint, with what stands around it. */
export class Subject {
    flow;
    set;
    lacks;
    /** its text, or null where that is not at hand */
    file;
    /** what the loader warns of in that file */
    warnings;
    #budget;
    #inquiry = null;
    constructor(of, budget) {
        this.flow = of.flow;
        this.set = of.set;
        this.lacks = of.lacks;
        this.file = of.file;
        this.warnings = of.warnings;
        this.#budget = budget;
    }
    get definition() {
        return this.flow.definition;
    }
    /** What the prover knows of it, made when the first rule asks. */
    get inquiry() {
        this.#inquiry ??= new Inquiry(sideOf(this.set, this.flow), this.#budget);
        return this.#inquiry;
    }
}
/** A flow is judged under the guardrails, whoever holds a right to it today. */
export function sideOf(set, flow) {
    const { sha256, anchors, guardrails } = set;
    return { flow, around: { sha256, anchors, guardrails, rights: null } };
}
//# sourceMappingURL=subject.js.map