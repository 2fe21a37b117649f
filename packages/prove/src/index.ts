export * from './compare-flows.ts';
export { DEFAULT_BUDGET, type Moved, type Witness } from './compare-sides.ts';
export type { Side, Surroundings } from './model/model.ts';
export * from './plan/compare-sets.ts';
export type { Difference } from './plan/differences.ts';
export * from './plan/tell.ts';
export type { Later } from './witness/later.ts';
export type { Replayed } from './witness/replay.ts';
export type { Situation } from './witness/situation.ts';
