import type { Commit, Expect } from '@writ/core';
import { expect, test } from 'vitest';
import { checkInclusion, checkLog } from './check-log.ts';
import { commit, credential, entry, inclusionOf, issuance, lossOf, many, run, setCell } from './commits.ts';
import { type NewPlace, START } from './place.ts';

const LATER = START + 3_600_000;

/** What a batch decides: who loses, why, and that nobody else notices. */
export function describeBatches(newPlace: NewPlace): void {
  test('a loser of each kind is dropped from a batch of 64 with its reason, and the others stand', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    await store.commit(
      commit({
        consume: [
          { key: 'spent', holder: null, until: LATER },
          { key: 'held', holder: 'anna', until: LATER },
        ],
        write: [setCell('cell', 'old'), credential('live', { right_id: 'full' })],
      }),
    );
    const rate: Expect = { kind: 'rate', counter: 'hour', limit: 1, until: LATER };
    await store.commit(commit({ expect: [rate] }));

    const losers: readonly Partial<Commit>[] = [
      { expect: [{ kind: 'cell', cell: 'cell', is: 'new' }] },
      { expect: [{ kind: 'cell', cell: 'cell', is: null }] },
      { expect: [rate] },
      { expect: [{ kind: 'live', right: 'full', limit: 1, now: START }] },
      { consume: [{ key: 'spent', holder: null, until: LATER }] },
      { consume: [{ key: 'held', holder: 'bert', until: LATER }] },
    ];
    const commits = many(64, (n) => {
      const loser = losers[n / 10];
      const whole = { append: entry(`${n}`), write: [run(`${n}`), setCell(`done ${n}`, 'yes')] };
      return commit(loser === undefined ? whole : { ...whole, ...loser });
    });
    const results = await Promise.all(commits.map((each) => store.commit(each)));

    expect(results.map(lossOf).filter((loss) => loss !== null)).toEqual([
      { kind: 'cell', cell: 'cell', expected: 'new', found: 'old' },
      { kind: 'cell', cell: 'cell', expected: null, found: 'old' },
      { kind: 'rate', counter: 'hour', limit: 1 },
      { kind: 'live', right: 'full', limit: 1 },
      { kind: 'consumed', key: 'spent' },
      { kind: 'consumed', key: 'held' },
    ]);
    expect(await checkLog(store)).toBe(58);
    for (const [n, result] of results.entries()) {
      const won = result.outcome === 'committed';
      expect(await store.read.cells([`done ${n}`])).toEqual({ [`done ${n}`]: won ? 'yes' : null });
      const row = await store.read.row('runs', `${n}`);
      expect(row?.entry).toBe(won ? inclusionOf(result).index : undefined);
      if (won) checkInclusion(inclusionOf(result));
    }
  });

  test('a batch is decided in the order of arrival: a later commit sees what the winners before it left', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const is = (cell: string, value: string | null): Expect => ({ kind: 'cell', cell, is: value });
    const live = (limit: number): Expect => ({ kind: 'live', right: 'payments-deploy', limit, now: START });
    const results = await Promise.all(
      [
        commit({ expect: [is('a', null)], write: [setCell('a', '1')] }),
        commit({ expect: [is('a', null)], write: [setCell('a', 'never')] }),
        commit({ expect: [is('a', '1')], write: [setCell('a', '2')] }),
        commit({ expect: [live(1)], write: [credential('c1')] }),
        commit({ expect: [live(1)], write: [credential('c2')] }),
        commit({ expect: [live(2)], write: [credential('c3')] }),
        commit({ write: [credential('c1', { state: 'revoked' })] }),
        commit({ expect: [live(2)], write: [credential('c4')] }),
        commit({ expect: [live(2)], write: [credential('c5')] }),
      ].map((each) => store.commit(each)),
    );
    expect(results.map((result) => result.outcome)).toEqual(
      [1, 0, 1, 1, 0, 1, 1, 1, 0].map((won) => (won === 1 ? 'committed' : 'lost')),
    );
    expect(await store.read.cells(['a'])).toEqual({ a: '2' });
    expect(await store.read.live('payments-deploy', START)).toBe(2);
    expect((await store.read.row('credentials', 'c1'))?.state).toBe('revoked');
  });

  test('a live count forgets a credential in the very millisecond it expires', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    await store.commit(commit({ write: [credential('c', { expires_at: START + 1000 })] }));
    const at = (now: number): Commit =>
      commit({ expect: [{ kind: 'live', right: 'payments-deploy', limit: 1, now }] });
    const results = await Promise.all([at(START + 999), at(START + 1000)].map((each) => store.commit(each)));
    expect(results.map((result) => result.outcome)).toEqual(['lost', 'committed']);
    expect(await store.read.live('payments-deploy', START + 999)).toBe(1);
    expect(await store.read.live('payments-deploy', START + 1000)).toBe(0);
  });

  test('a rate counts winners only, and starts again when its window is over', async () => {
    let now = START;
    await using place = await newPlace();
    await using store = await place.open({ now: () => now });
    const limited = (until: number): Commit =>
      commit({ expect: [{ kind: 'rate', counter: 'minute', limit: 3, until }] });
    const refused = commit({ ...limited(START + 60_000), consume: [{ key: 'k', holder: null, until: now }] });
    await store.commit(commit({ consume: [{ key: 'k', holder: null, until: LATER }] }));
    const first = await Promise.all(
      [refused, refused, ...many(5, (n) => limited(START + 60_000 + n))].map((each) => store.commit(each)),
    );
    expect(first.filter((result) => result.outcome === 'committed')).toHaveLength(3);
    now = START + 59_999;
    expect(lossOf(await store.commit(limited(now + 60_000)))).toEqual({
      kind: 'rate',
      counter: 'minute',
      limit: 3,
    });
    now = START + 60_000;
    expect(lossOf(await store.commit(limited(now + 60_000)))).toBeNull();
  });

  test('a commit without an entry leaves the log as it was, and its rows name no entry', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    await store.commit(issuance('1'));
    const before = await store.read.tree();
    const result = await store.commit(commit({ write: [run('r')] }));
    expect(result).toEqual({ outcome: 'committed', inclusion: null, timeMs: START });
    expect(await store.read.tree()).toEqual(before);
    expect((await store.read.row('runs', 'r'))?.entry).toBeNull();
  });

  test('a commit that only compares writes nothing', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const result = await store.commit(commit({ expect: [{ kind: 'cell', cell: 'none', is: null }] }));
    expect(result).toEqual({ outcome: 'committed', inclusion: null, timeMs: START });
    expect(await checkLog(store)).toBe(0);
  });
}
