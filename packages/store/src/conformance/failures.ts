import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { STEPS, type Step } from '../log-options.ts';
import { checkLog } from './check-log.ts';
import { commit, entry, issuance, lossOf, many } from './commits.ts';
import { BEFORE, CRASHING } from './crash-run.ts';
import type { NewPlace, Place } from './place.ts';

/** Crashes, failing disks, and hands in the database. */
export function describeFailures(newPlace: NewPlace): void {
  test.for(STEPS)('L1 kill -9 at `%s` leaves the batch whole or nothing of it', async (step) => {
    await using place = await newPlace();
    expect(await killedAt(place, step)).toBe('SIGKILL');
    await using store = await place.open();
    const size = await checkLog(store);
    expect(size).toBe(step === 'committed' ? BEFORE + CRASHING : BEFORE);
    const cells = await store.read.cells(many(CRASHING, (n) => `crashing ${n}`));
    const value = step === 'committed' ? 'done' : null;
    expect(Object.values(cells)).toEqual(many(CRASHING, () => value));
    await store.commit(commit({ append: entry('after') }));
    expect(await checkLog(store)).toBe(size + 1);
  });

  test.for(STEPS.slice(0, -1))(
    'L7 when the disk fails at `%s` nothing is issued and reads stay live',
    async (step) => {
      let failing = false;
      await using place = await newPlace();
      await using store = await place.open({
        fault: (at) => {
          if (failing && at === step) throw new Error('no space left on device');
        },
      });
      await store.commit(issuance('before'));
      failing = true;
      const results = await Promise.allSettled(many(8, (n) => store.commit(issuance(`${n}`))));
      for (const result of results) {
        expect(result).toMatchObject({
          status: 'rejected',
          reason: { name: 'WritError', code: 'unavailable' },
        });
      }
      expect(await checkLog(store)).toBe(1);
      expect(await store.read.row('credentials', '3')).toBeNull();
      failing = false;
      expect(lossOf(await store.commit(issuance('3')))).toBeNull();
      expect(await checkLog(store)).toBe(2);
    },
  );

  test.for<readonly [what: string, sql: string]>([
    ['a shorter tree', 'UPDATE tree SET size = 2'],
    ['another root', 'UPDATE tree SET root = (SELECT salt FROM entries WHERE idx = 0)'],
    ['another frontier', 'UPDATE tree SET frontier = (SELECT salt FROM entries WHERE idx = 0)'],
    ['another time', 'UPDATE tree SET time_ms = time_ms - 1'],
    ['another checkpoint', `UPDATE tree SET checkpoint = replace(checkpoint, '3', '4')`],
    ['another tile', 'UPDATE tiles SET hashes = (SELECT salt FROM entries WHERE idx = 0)'],
    ['no tile', 'DELETE FROM tiles'],
    [
      'another last entry',
      'UPDATE entries SET leaf = (SELECT leaf FROM entries WHERE idx = 0) WHERE idx = 2',
    ],
    ['no last entry', 'DELETE FROM entries WHERE idx = 2'],
  ])('L2 a log with %s put into its database is refused at start', async ([, sql]) => {
    await using place = await newPlace();
    {
      await using store = await place.open();
      for (const n of ['1', '2', '3']) await store.commit(issuance(n));
    }
    await place.tamper(sql);
    await expect(place.open()).rejects.toMatchObject({ name: 'WritError', code: 'verification-failed' });
  });
}

/** The signal that ended the child. */
function killedAt(place: Place, step: Step): Promise<string | null> {
  const { program, address } = place.child;
  const options = ['--conditions=writ:source', '--input-type=module', '--eval', program];
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [...options, address, step], (error, _, stderr) => {
      if (child.signalCode === null) reject(new Error(stderr, { cause: error }));
      else resolve(child.signalCode);
    });
  });
}
