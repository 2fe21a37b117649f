import { describe } from 'vitest';
import { describeBatches } from './batches.ts';
import { describeFailures } from './failures.ts';
import { describeHistory } from './history.ts';
import type { NewPlace } from './place.ts';
import { describeRaces } from './races.ts';
import { describeReads } from './reads.ts';

export { checkInclusion, checkLog } from './check-log.ts';
export { crashProgram } from './crash-run.ts';
export { logOptions, type NewPlace, type Opening, ORIGIN, type Place, START } from './place.ts';

/** The one suite that says whether a driver fulfils the port. */
export function describeStore(name: string, newPlace: NewPlace): void {
  describe(`the ${name} store`, () => {
    describe('batches', () => {
      describeBatches(newPlace);
    });
    describe('races', () => {
      describeRaces(newPlace);
    });
    describe('history', () => {
      describeHistory(newPlace);
    });
    describe('reads', () => {
      describeReads(newPlace);
    });
    describe('failures', () => {
      describeFailures(newPlace);
    });
  });
}
