import type { Found, Severity } from './finding.ts';
import type { Subject } from './subject.ts';
/** Parts of files: a part of a flow replaces the keys it names in the example's flow, any other artefact its file. */
export type Parts = readonly string[];
/** One rule of the table. Rules are pure: whatever they need to know is in the subject. */
export interface LintRule {
    /** `W001`; it never changes its meaning */
    readonly id: string;
    readonly severity: Severity;
    /** what must not be, in a few words */
    readonly title: string;
    /** `syntax`: the definition alone. `data`: what stands around it. `prover`: every request there can be, exactly */
    readonly by: 'syntax' | 'data' | 'prover';
    /** why it matters and how the rule is read */
    readonly why: string;
    readonly help: string;
    readonly good: Parts;
    readonly bad: Parts;
    readonly check: (subject: Subject) => readonly Found[];
}
//# sourceMappingURL=lint-rule.d.ts.map