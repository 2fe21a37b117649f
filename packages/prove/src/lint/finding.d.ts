import type { ToldOutcome, ToldSituation } from '../plan/tell.ts';
export type Severity = 'error' | 'warning';
/** Where something stands in a file. Lines and columns count from 1. */
export interface Place {
    readonly file: string;
    readonly line: number;
    readonly column: number;
}
/** A request that shows a finding, as data, and what the real decision makes of it. */
export interface Example extends ToldSituation {
    readonly decides: ToldOutcome;
}
/** What a lint rule has found, before it is known where that stands. */
export interface Found {
    /** rule of the flow, as refusals name it: `approval.out-of-hours`, `proof.github.ref`, `bind.pop` */
    readonly rule: string;
    /** where exactly, as a path of keys and ids; the rule itself where this is left out */
    readonly at?: string;
    readonly place?: Place;
    /** what is wrong */
    readonly message: string;
    /** what would help here; what the lint rule says in general where this is left out */
    readonly help?: string;
    readonly example?: Example;
    /** where it is not that of the lint rule */
    readonly severity?: Severity;
}
/** One thing that bars a flow from being published (`error`), or that its reviewer should see (`warning`). */
export interface Finding {
    /** of the lint rule: `W001` */
    readonly id: string;
    readonly severity: Severity;
    readonly flow: string;
    readonly rule: string;
    /** null where the files are not at hand */
    readonly place: Place | null;
    readonly message: string;
    readonly help: string;
    readonly example: Example | null;
}
//# sourceMappingURL=finding.d.ts.map