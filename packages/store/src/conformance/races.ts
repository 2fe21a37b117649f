import type { Commit } from '@writ/core';
import { expect, test } from 'vitest';
import { checkLog } from './check-log.ts';
import { commit, entry, many, setCell } from './commits.ts';
import { type NewPlace, START } from './place.ts';

const LATER = START + 3_600_000;

function spend(key: string, holder: string | null): Commit {
  return commit({ consume: [{ key, holder, until: LATER }], append: entry(`${key} ${holder}`) });
}

/** Things that may happen once. */
export function describeRaces(newPlace: NewPlace): void {
  test('P5 G20 a key spent by 64 at once is spent by exactly one', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const results = await Promise.all(many(64, () => store.commit(spend('jti', null))));
    expect(results.filter((result) => result.outcome === 'committed')).toHaveLength(1);
    expect(await checkLog(store)).toBe(1);
  });

  test('D14 a spent key stays spent after the store is opened again', async () => {
    await using place = await newPlace();
    {
      await using store = await place.open();
      await store.commit(spend('jti', null));
    }
    await using store = await place.open();
    expect((await store.commit(spend('jti', null))).outcome).toBe('lost');
  });

  test('G13 of two holders of one token the first may use it again and the other never', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const holders = ['anna', 'bert', 'anna', null, 'anna', 'bert'];
    const outcomes = [];
    for (const holder of holders) outcomes.push((await store.commit(spend('token', holder))).outcome);
    expect(outcomes).toEqual(['committed', 'lost', 'committed', 'lost', 'committed', 'lost']);
    const batch = await Promise.all(holders.map((holder) => store.commit(spend('other', holder))));
    expect(batch.map((result) => result.outcome)).toEqual(outcomes);
  });

  test('G13 a key spent without a holder is not taken up by one', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    await store.commit(spend('token', null));
    expect((await store.commit(spend('token', 'anna'))).outcome).toBe('lost');
  });

  test('a commit that spends one key twice loses against itself', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const consume = { key: 'twice', holder: null, until: LATER };
    expect((await store.commit(commit({ consume: [consume, consume] }))).outcome).toBe('lost');
    expect((await store.commit(commit({ consume: [consume] }))).outcome).toBe('committed');
  });

  test('a cell changed by 64 at once from one value is changed by exactly one', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const results = await Promise.all(
      many(64, (n) =>
        store.commit(
          commit({ expect: [{ kind: 'cell', cell: 'run:1', is: null }], write: [setCell('run:1', `${n}`)] }),
        ),
      ),
    );
    const winner = results.findIndex((result) => result.outcome === 'committed');
    expect(results.filter((result) => result.outcome === 'committed')).toHaveLength(1);
    expect(await store.read.cells(['run:1'])).toEqual({ 'run:1': `${winner}` });
  });

  test('F10 what expects a scope unfrozen loses once the freeze is in, and stands before it in the log otherwise', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const issue = (): Commit =>
      commit({ expect: [{ kind: 'cell', cell: 'freeze:x', is: null }], append: entry('issue') });
    const freeze = commit({ append: entry('freeze'), write: [setCell('freeze:x', '1 frozen')] });
    const commits = [...many(20, issue), freeze, ...many(20, issue)];
    const results = await Promise.all(commits.map((each) => store.commit(each)));
    expect(results.map((result) => result.outcome)).toEqual([
      ...many(21, () => 'committed'),
      ...many(20, () => 'lost'),
    ]);
    expect(await checkLog(store)).toBe(21);
  });
}
