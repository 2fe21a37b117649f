export * from './compare-flows.ts';
export { DEFAULT_BUDGET, type Moved, type Witness } from './compare-sides.ts';
export type { Side, Surroundings } from './model/model.ts';
export type { Later } from './witness/later.ts';
export type { Replayed } from './witness/replay.ts';
export type { Situation } from './witness/situation.ts';
