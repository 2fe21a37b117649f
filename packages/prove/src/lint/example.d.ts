import type { Formula } from '../formula/formula.ts';
import type { Demand } from '../model/model.ts';
import { type Replayed } from '../witness/replay.ts';
import type { Example } from './finding.ts';
import type { Inquiry, Questions } from './inquiry.ts';
/** What a request is looked for with. */
export interface Wanted {
    readonly statements: readonly Formula[];
    /** demands that are met where they hold */
    readonly demands: readonly Demand[];
    /** who meets them would not count for this one */
    readonly unmet?: Demand;
    /** what the real decision must make of it; issued and usable, unless said */
    readonly shows?: (replayed: Replayed) => boolean;
}
/**
 * A request of which the statements hold, as the real decision decided it, or null where there is none.
 * @throws Unsupported where the real decision does not show what the statements say: that is a fault of ours, and no answer
 * @throws Exhausted
 */
export declare function exampleOf({ side }: Inquiry, questions: Questions, { statements, demands, unmet, shows }: Wanted): Example | null;
//# sourceMappingURL=example.d.ts.map