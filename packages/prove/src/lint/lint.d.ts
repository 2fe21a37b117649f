import type { ArtefactSet, Problem, SourceFile } from '@writ/flow';
import type { Finding } from './finding.ts';
import { type Lack } from './subject.ts';
/** What is known besides the set. */
export interface LintOptions {
    /** the files the set was loaded from: findings then say where they are, and spelling is judged */
    readonly files?: readonly SourceFile[];
    /** what loading warned of */
    readonly problems?: readonly Problem[];
    /** what the files do not say at all, and is therefore not judged */
    readonly lacks?: ReadonlySet<Lack>;
    /** case splits that may be made for each flow */
    readonly budget?: number;
}
/**
 * Everything that the lint rules find in a set, in the order of flows and rules. An error bars publishing, never loading,
 * testing or comparing. What a rule cannot decide is found as well.
 */
export declare function lint(set: ArtefactSet, options?: LintOptions): readonly Finding[];
//# sourceMappingURL=lint.d.ts.map