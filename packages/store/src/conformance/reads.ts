import type { Commit, Row, Write } from '@writ/core';
import { expect, test } from 'vitest';
import { checkLog } from './check-log.ts';
import { commit, credential, entry, inclusionOf, lossOf, many, run, setCell } from './commits.ts';
import { type NewPlace, START } from './place.ts';

/** What must stay data wherever it stands. */
const HOSTILE = [
  `'; DROP TABLE runs; --`,
  '" OR 1=1 --',
  '$1',
  '?',
  '%s %00 \\',
  '{"a":[1]}',
  '{a,b}',
  '__proto__',
  'constructor',
  '\u202eright to left',
  '\ufffd \u{1f512}',
  ' space ',
  '',
  'line\nbreak\t\u0001\u001b[31m',
];

function identity(name: string, changes: Partial<Row<'identities'>> = {}): Write {
  const row = {
    name,
    uri: `spiffe://acme.example/${name}`,
    owner: 'group:payments',
    kind: 'workload',
    body: '{}',
  };
  return { kind: 'row', table: 'identities', row: { ...row, ...changes } };
}

/** What was written is what is read. */
export function describeReads(newPlace: NewPlace): void {
  test('whatever stands in keys and values is data', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const { read } = store;
    for (const text of HOSTILE) {
      const result = await store.commit({
        expect: [
          { kind: 'cell', cell: text, is: null },
          { kind: 'rate', counter: text, limit: 1, until: START + 1 },
          { kind: 'live', right: text, limit: 1, now: START },
        ],
        consume: [{ key: text, holder: text, until: START + 1 }],
        append: entry(text),
        write: [
          setCell(text, text),
          identity(text, { owner: text, body: text }),
          credential(text, { right_id: text, body: text }),
        ],
      });
      const { index } = inclusionOf(result);
      expect((await read.cells([text]))[text]).toBe(text);
      expect(await read.row('identities', text)).toMatchObject({
        name: text,
        owner: text,
        body: text,
        entry: index,
      });
      expect(await read.rows('identities', { column: 'owner', equals: text, limit: 9 })).toHaveLength(1);
      expect(await read.live(text, START)).toBe(1);
      expect((await read.entry(index))?.record).toBe(JSON.stringify({ subject: text }));
    }
    expect(await checkLog(store)).toBe(HOSTILE.length);
    const names = (await read.rows('identities', { limit: 100 })).map(({ name }) => name);
    expect(names).toEqual(HOSTILE.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(Object.keys(await read.cells(HOSTILE))).toHaveLength(HOSTILE.length);
  });

  test.for(['nul \0', 'half \ud83d'])(
    'a text no engine keeps (%j) is refused before it waits',
    async (text) => {
      await using place = await newPlace();
      await using store = await place.open();
      const [bad, good] = await Promise.allSettled([
        store.commit(commit({ write: [setCell('cell', text)] })),
        store.commit(commit({ append: entry('good') })),
      ]);
      expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'invalid' } });
      expect(good.status).toBe('fulfilled');
      expect(await store.read.cells([text])).toEqual({ [text]: null });
      expect(await store.read.row('runs', text)).toBeNull();
      expect(await store.read.rows('runs', { column: 'identity', equals: text, limit: 1 })).toEqual([]);
      expect(await store.read.live(text, START)).toBe(0);
    },
  );

  test('D15 a key of any length is refused before it waits, and asked for without harm', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const long = many(2049, (n) => String.fromCharCode(97 + ((n * n) % 26))).join('');
    const fits = long.slice(1);
    const spend = (key: string): Commit => commit({ consume: [{ key, holder: null, until: START }] });
    const refused = [
      spend(long),
      spend('\u20ac'.repeat(700)),
      spend('x'.repeat(5_000_000)),
      commit({ write: [setCell(long, '')] }),
      commit({ write: [run(long)] }),
      commit({ write: [run('r', { identity: long })] }),
      commit({ expect: [{ kind: 'live', right: long, limit: 1, now: START }] }),
    ];
    for (const each of refused) await expect(store.commit(each)).rejects.toMatchObject({ code: 'invalid' });
    const write = [setCell(fits, long), run(fits, { identity: fits, body: long })];
    expect(lossOf(await store.commit({ ...spend(fits), append: null, write }))).toBeNull();
    expect(await store.read.cells([fits, long])).toEqual({ [fits]: long, [long]: null });
    expect(await store.read.row('runs', long)).toBeNull();
    expect(await store.read.rows('runs', { column: 'identity', equals: fits, limit: 2 })).toHaveLength(1);
  });

  test('a place where no tile can be has none', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    await store.commit(commit({ append: entry('x') }));
    const places = [
      [0, 1],
      [1, 0],
      [-1, 0],
      [64, 0],
      [2 ** 40, 0],
      [0, 0.5],
      [0.5, 0],
      [0, 2 ** 60],
      [Number.NaN, 0],
    ];
    for (const [level = 0, index = 0] of places) expect(await store.read.tile(level, index)).toBeNull();
    expect(await store.read.tile(0, 0)).toHaveLength(32);
    for (const index of [-1, 0.5, Number.NaN, 2 ** 60]) {
      await expect(store.read.entry(index)).rejects.toMatchObject({ code: 'invalid' });
      await expect(store.read.inclusion(index)).rejects.toMatchObject({ code: 'unknown' });
    }
    await expect(store.read.entries(0, 1025)).rejects.toMatchObject({ code: 'invalid' });
    expect(await store.read.entries(5, 9)).toEqual([]);
  });

  test('L5 an entry that makes no leaf is refused before it waits', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const wrong = [
      { type: 'gossip' },
      { flags: 99 },
      { flags: 0x8001 },
      { tbsDigest: null },
      { identityTag: new Uint8Array(15) },
      { commitment: new Uint8Array(31) },
      { salt: new Uint8Array(16) },
    ];
    for (const part of wrong) {
      const append = { ...entry('wrong'), ...part };
      await expect(store.commit(commit({ append }))).rejects.toMatchObject({ code: 'invalid' });
    }
    expect(await checkLog(store)).toBe(0);
  });

  test('rows are found by key, by index and by range, in pages of one order', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const { read } = store;
    const ids = many(25, (n) => `r${String(n).padStart(2, '0')}`);
    await store.commit(
      commit({
        write: ids.map((id, n) => run(id, { state: n % 2 === 0 ? 'waiting' : 'issued', due_at: n })),
      }),
    );
    const pages: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await read.rows('runs', { column: 'state', equals: 'waiting', after, limit: 5 });
      pages.push(...page.map(({ id }) => id));
      after = page.at(-1)?.id;
      if (after === undefined) break;
    }
    expect(pages).toEqual(ids.filter((_, n) => n % 2 === 0));
    const due = await read.rows('runs', { column: 'due_at', from: 5, below: 8, limit: 10 });
    expect(due.map(({ id }) => id)).toEqual(['r05', 'r06', 'r07']);
    expect(await read.rows('runs', { column: 'state', equals: 'none', limit: 1 })).toEqual([]);
    expect(await read.rows('runs', { after: 'r24', limit: 1 })).toEqual([]);
  });

  test('rows are read by indexed columns only', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const { read } = store;
    const column: string = 'body; DROP TABLE runs';
    const where = { column, equals: 'x', limit: 1 } as never;
    await expect(read.rows('runs', where)).rejects.toMatchObject({ code: 'invalid' });
    await expect(read.rows('runs', { limit: 0 })).rejects.toMatchObject({ code: 'invalid' });
    await expect(read.rows('runs', { column: 'due_at', equals: 'x', limit: 1 })).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  test('a row is written whole: its last write in a batch stands, with the entry that wrote it', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const results = await Promise.all(
      many(3, (n) => store.commit(commit({ append: entry(`${n}`), write: [run('r', { body: `${n}` })] }))),
    );
    const { index } = inclusionOf(results[2]!);
    expect(await store.read.row('runs', 'r')).toMatchObject({ body: '2', entry: index });
  });
}
