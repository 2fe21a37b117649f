import { expect, test } from 'vitest';
import { checkInclusion, checkLog } from './check-log.ts';
import { commit, entry, inclusionOf, issuance, many, timeOf } from './commits.ts';
import { type NewPlace, START } from './place.ts';

/** The log: what it says after every step, and after a restart. */
export function describeHistory(newPlace: NewPlace): void {
  test('an empty store has a signed empty log', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    expect(await checkLog(store)).toBe(0);
    await expect(store.read.inclusion(0)).rejects.toMatchObject({ code: 'unknown' });
  });

  test('the log verifies after every step, across tiles', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    let size = 0;
    for (const width of [1, 1, 2, 60, 191, 1, 1, 255, 300]) {
      const results = await Promise.all(
        many(width, (n) => store.commit(commit({ append: entry(`${size + n}`) }))),
      );
      for (const [n, result] of results.entries()) {
        expect(inclusionOf(result).index).toBe(size + n);
        checkInclusion(inclusionOf(result));
      }
      size += width;
      expect(await checkLog(store)).toBe(size);
    }
  });

  test('a receipt can be fetched again against a later checkpoint', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const first = inclusionOf(await store.commit(issuance('1')));
    await store.commit(issuance('2'));
    const again = await store.read.inclusion(first.index);
    checkInclusion(again);
    expect([again.size, again.leaf]).toEqual([2, first.leaf]);
    expect((await store.read.entry(first.index))?.record).toBe('{"subject":"1"}');
  });

  test('a store that is opened again has lost nothing and goes on', async () => {
    await using place = await newPlace();
    for (const round of [1, 2, 3]) {
      await using store = await place.open();
      expect(await checkLog(store)).toBe((round - 1) * 100);
      await Promise.all(many(100, (n) => store.commit(issuance(`${round}-${n}`))));
      expect(await checkLog(store)).toBe(round * 100);
    }
    await using store = await place.open();
    expect((await store.read.row('credentials', '2-50'))?.body).toBe('{"scopes":["deploy"]}');
  });

  test('the time of the log never runs back when the clock does', async () => {
    let now = START;
    await using place = await newPlace();
    {
      await using store = await place.open({ now: () => now });
      expect(timeOf(await store.commit(issuance('1')))).toBe(START);
      now = START - 60_000;
      expect(timeOf(await store.commit(issuance('2')))).toBe(START);
      await checkLog(store);
    }
    await using store = await place.open({ now: () => now });
    expect(timeOf(await store.commit(issuance('3')))).toBe(START);
    now = START + 5;
    expect(timeOf(await store.commit(issuance('4')))).toBe(START + 5);
    await checkLog(store);
  });

  test('a store that is closed decides what waits and refuses the rest', async () => {
    await using place = await newPlace();
    const store = await place.open();
    const waiting = many(10, (n) => store.commit(issuance(`${n}`)));
    await store[Symbol.asyncDispose]();
    for (const result of await Promise.all(waiting)) checkInclusion(inclusionOf(result));
    await expect(store.commit(issuance('late'))).rejects.toMatchObject({ code: 'unavailable' });
  });
}
