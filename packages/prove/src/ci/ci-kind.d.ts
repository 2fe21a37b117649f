/** What the claims of a kind of CI evidence say about who started what, and which of them one can choose. */
export interface CiKind {
    /** names that can be given up and taken by somebody else, and the immutable ids that cannot */
    readonly named: readonly {
        readonly name: string;
        readonly ids: readonly string[];
    }[];
    /** claims of which one at least must be fixed, for it to be one repository or project */
    readonly subject: readonly string[];
    /** claims of which one at least must be bounded, for it to be more than any job of it */
    readonly job: readonly string[];
    readonly ref: string;
    /** values of the ref that anybody who can push, or open a change, can bring about */
    readonly anyRef: readonly string[];
}
/** By the first segment of an anchor's name. */
export declare const CI_KINDS: ReadonlyMap<string, CiKind>;
//# sourceMappingURL=ci-kind.d.ts.map