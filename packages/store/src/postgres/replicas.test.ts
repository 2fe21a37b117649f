import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@writ/testkit';
import { Client } from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { commit, entry, inclusionOf, issuance, lossOf, many, setCell } from '../conformance/commits.ts';
import { checkLog, logOptions, type Opening } from '../conformance/conformance.ts';
import { START } from '../conformance/place.ts';
import type { Store } from '../port.ts';
import { openPostgres } from './postgres.ts';

const server = await startPostgres({ announce: false });
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

async function newDatabase(): Promise<string> {
  if (server === null) throw new Error('no postgresql');
  return server.createDatabase();
}

function open(connection: string, opening: Opening = {}, highWater?: string): Promise<Store> {
  return openPostgres({ ...logOptions(opening), connection, highWater });
}

async function sql(connection: string, ...statements: string[]): Promise<void> {
  const client = new Client(connection);
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** What happens to the answer of the first COMMIT that passes once the line is armed. */
type Fate = 'cut before' | 'cut after';

/** A line to the server that can be cut around a COMMIT. */
async function cuttableLine(connection: string): Promise<{
  readonly connection: string;
  cut(fate: Fate): void;
  close(): void;
}> {
  const url = new URL(connection);
  const target = join(url.searchParams.get('host') ?? '', '.s.PGSQL.5432');
  const directory = mkdtempSync(join(tmpdir(), 'writ-line-'));
  let armed: Fate | null = null;
  const line = createServer((near) => {
    const far = connect(target);
    let deaf = false;
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
    near.on('close', () => far.end());
    far.on('data', (data) => {
      if (deaf) near.destroy();
      else near.write(data);
    });
    near.on('data', (data) => {
      if (armed !== null && data.includes('COMMIT\0')) {
        const fate = armed;
        armed = null;
        deaf = true;
        if (fate === 'cut before') {
          near.destroy();
          return;
        }
      }
      far.write(data);
    });
  });
  await new Promise<void>((resolve) => {
    line.listen(join(directory, '.s.PGSQL.5432'), resolve);
  });
  url.searchParams.set('host', directory);
  return {
    connection: url.href,
    cut: (fate) => {
      armed = fate;
    },
    close() {
      line.close();
      rmSync(directory, { recursive: true });
    },
  };
}

describe.skipIf(server === null)('replicas on one postgresql', () => {
  test('append at once and make one consistent log', async () => {
    const database = await newDatabase();
    await using a = await open(database);
    await using b = await open(database);
    const results = await Promise.all(
      many(128, (n) => (n % 2 === 0 ? a : b).commit(commit({ append: entry(`${n}`) }))),
    );
    const indexes = results.map((result) => inclusionOf(result).index).sort((x, y) => x - y);
    expect(indexes).toEqual(many(128, (n) => n));
    expect(await checkLog(a)).toBe(128);
    expect(await checkLog(b)).toBe(128);
    for (const store of [a, b, a, b]) await store.commit(issuance(`later ${indexes.length++}`));
    expect(await checkLog(a)).toBe(132);
  });

  test('P5 D14 spend one key once between them', async () => {
    const database = await newDatabase();
    await using a = await open(database);
    await using b = await open(database);
    const spend = commit({ consume: [{ key: 'jti', holder: null, until: START }], append: entry('x') });
    const results = await Promise.all(many(40, (n) => (n % 2 === 0 ? a : b).commit(spend)));
    expect(results.filter((result) => result.outcome === 'committed')).toHaveLength(1);
    expect(await checkLog(b)).toBe(1);
  });

  test('F10 see a freeze of the other one with their next batch', async () => {
    const database = await newDatabase();
    await using a = await open(database);
    await using b = await open(database);
    const issue = commit({ expect: [{ kind: 'cell', cell: 'freeze:x', is: null }], append: entry('issue') });
    let frozen = Infinity;
    const issued: number[] = [];
    const issuing = many(60, async (n) => {
      await new Promise((resolve) => setTimeout(resolve, n));
      const result = await b.commit(issue);
      if (lossOf(result) === null) issued.push(inclusionOf(result).index);
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const freeze = await a.commit(
      commit({ append: entry('freeze'), write: [setCell('freeze:x', '1 frozen')] }),
    );
    frozen = inclusionOf(freeze).index;
    await Promise.all(issuing);
    expect(Math.max(-1, ...issued)).toBeLessThan(frozen);
    expect(await checkLog(a)).toBe(issued.length + 1);
  });
});

describe.skipIf(server === null)('a connection to postgresql lost', () => {
  test.for<[Fate, number]>([
    ['cut before', 1],
    ['cut after', 2],
  ])(
    'L1 in COMMIT (%s it arrives): the batch is whole or nothing, and its senders are told which',
    async ([fate, size]) => {
      const line = await cuttableLine(await newDatabase());
      try {
        await using store = await open(line.connection);
        await store.commit(issuance('before'));
        line.cut(fate);
        const [result] = await Promise.allSettled([store.commit(issuance('during'))]);
        expect(result).toMatchObject(
          fate === 'cut after' ? { value: { outcome: 'committed' } } : { reason: { code: 'unavailable' } },
        );
        expect(await checkLog(store)).toBe(size);
        await store.commit(issuance('after'));
        expect(await checkLog(store)).toBe(size + 1);
      } finally {
        line.close();
      }
    },
  );

  test('between batches is made again', async () => {
    const database = await newDatabase();
    await using store = await open(database);
    await store.commit(issuance('1'));
    await sql(
      database,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await store.commit(issuance('2'));
    expect(await checkLog(store)).toBe(2);
  });

  test('L7 at start is refused with the reason', async () => {
    const nowhere = `postgresql:///none?host=${encodeURIComponent(tmpdir())}&user=nobody`;
    await expect(open(nowhere)).rejects.toMatchObject({
      code: 'unavailable',
      message: /^postgresql cannot be used: /,
    });
  });
});

describe.skipIf(server === null)('a postgresql store', () => {
  const backup = ['tree', 'tiles', 'entries'].map(
    (table) => `CREATE TABLE old_${table} AS TABLE writ.${table}`,
  );
  const restore = ['tree', 'tiles', 'entries'].map(
    (table) => `DELETE FROM writ.${table}; INSERT INTO writ.${table} TABLE old_${table}`,
  );

  test('L2 that fails over to a server that lags refuses to fork the log, and serves reads', async () => {
    const database = await newDatabase();
    await using store = await open(database);
    await store.commit(issuance('1'));
    await sql(database, ...backup);
    await store.commit(issuance('2'));
    await sql(database, ...restore);
    await expect(store.commit(issuance('other'))).rejects.toMatchObject({
      code: 'unavailable',
      message: /^fork danger: entry 2 was published, and the database ends at 1/u,
    });
    expect(await checkLog(store)).toBe(1);
  });

  test('L2 that was rolled back while nobody ran is not written to either', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'writ-mark-'));
    const mark = join(directory, 'high-water');
    const database = await newDatabase();
    {
      await using store = await open(database, {}, mark);
      await store.commit(issuance('1'));
      await sql(database, ...backup);
      await store.commit(issuance('2'));
    }
    await sql(database, ...restore);
    await using store = await open(database, {}, mark);
    await expect(store.commit(issuance('other'))).rejects.toMatchObject({ message: /^fork danger/u });
    rmSync(directory, { recursive: true });
  });

  test('L2 does not go on from a tree row that the log did not sign', async () => {
    const database = await newDatabase();
    await using store = await open(database);
    await store.commit(issuance('1'));
    await sql(database, 'UPDATE writ.tree SET size = 2');
    await expect(store.commit(issuance('2'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('of a newer schema is refused', async () => {
    const database = await newDatabase();
    await (await open(database))[Symbol.asyncDispose]();
    await sql(database, 'INSERT INTO writ.schema_steps VALUES (99)');
    await expect(open(database)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('is opened by many replicas at once, also the first time', async () => {
    const database = await newDatabase();
    const stores = await Promise.all(many(4, () => open(database)));
    await Promise.all(stores.map((store, n) => store.commit(issuance(`${n}`))));
    expect(await checkLog(stores[0]!)).toBe(4);
    for (const store of stores) await store[Symbol.asyncDispose]();
  });

  test('refuses a session whose commits are not durable', async () => {
    const database = await newDatabase();
    const name = new URL(database).pathname.slice(1);
    await sql(database, `ALTER DATABASE ${name} SET synchronous_commit = off`);
    await expect(open(database)).rejects.toMatchObject({
      code: 'refused',
      message: /`synchronous_commit=off`/u,
    });
  });

  test.for(['fsync', 'full_page_writes'])('refuses a server with %s=off', async (setting) => {
    await using careless = await startPostgres({ settings: [`${setting}=off`] });
    if (careless === null) throw new Error('no postgresql');
    const database = await careless.createDatabase();
    await expect(open(database)).rejects.toMatchObject({
      code: 'refused',
      message: new RegExp(`\`${setting}=off\``, 'u'),
    });
  });

  test('forgets keys and windows only when their time has passed', async () => {
    let now = START;
    const database = await newDatabase();
    await using store = await open(database, { now: () => now });
    await store.commit(issuance('1'));
    now += 720_001;
    await store.commit(commit({ append: entry('later') }));
    expect((await store.commit(issuance('1'))).outcome).toBe('committed');
    await checkLog(store);
  });
});
