import type { Vocabulary } from '../formula/vocabulary.ts';
import type { Demand, Side } from '../model/model.ts';
import type { Assignment } from '../solve/assignment.ts';

/** What a counter-example is made from: the values that were found, and what they are about. */
export interface Scene {
  readonly old: Side;
  readonly new: Side;
  readonly vocabulary: Vocabulary;
  readonly assignment: Assignment;
  /** the demands of the new side that hold here */
  readonly demands: readonly Demand[];
  /** the demand of the old side that must stay unmet */
  readonly unmet: Demand | null;
}
