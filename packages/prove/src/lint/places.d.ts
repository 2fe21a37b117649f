import { type Node, type SourceFile } from '@writ/flow';
import type { Place } from './finding.ts';
/** Says where things of a flow stand. */
export interface Places {
    /** the place of a path such as `approval.out-of-hours.require.not`, or of as much of it as is written */
    readonly of: (flow: string, path: string) => Place | null;
    /** the texts of a flow's file, with its nodes, or null where it is not at hand */
    readonly file: (flow: string) => FlowFile | null;
}
export interface FlowFile {
    readonly path: string;
    readonly text: string;
    readonly root: Node;
}
/** Places in these files; those that do not parse, or hold no flow, have none. */
export declare function placesIn(files: readonly SourceFile[]): Places;
//# sourceMappingURL=places.d.ts.map