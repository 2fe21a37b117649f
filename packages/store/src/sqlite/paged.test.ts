import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { commit } from '../conformance/commits.ts';
import { logOptions } from '../conformance/place.ts';
import { pageSql } from '../page-sql.ts';
import { PAGED } from '../port.ts';
import { openSqlite } from './sqlite.ts';

test('a page of rows that are equal in a paged column is read in order, and none beyond it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'writ-paged-'));
  const path = join(directory, 'writ.db');
  {
    await using store = await openSqlite({ ...logOptions(), path });
    expect(await store.read.rows('identities', { column: 'owner', equals: 'x', limit: 1 })).toEqual([]);
  }
  using db = new DatabaseSync(path);
  for (const [table, column] of PAGED) {
    const where = { column, equals: 'x', after: 'k', limit: 10 };
    const page = pageSql(table, where, { schema: '', parameter: () => '?' });
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${page?.text}`).all(...(page?.values ?? []));
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(
        `SEARCH ${table} USING INDEX ${table}_${column} \\(${column}=\\? AND \\w+>\\?\\)`,
      ),
    ]);
  }
  rmSync(directory, { recursive: true });
});

test('L7 what one index could not hold with its key is refused before it waits with others', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'writ-paged-'));
  await using store = await openSqlite({ ...logOptions(), path: join(directory, 'writ.db') });
  const row = (owner: string) => ({
    name: 'n'.repeat(1_500),
    uri: 'spiffe://acme.example/x',
    owner,
    kind: 'workload',
    body: '{}',
  });
  const write = (owner: string) =>
    store.commit(commit({ write: [{ kind: 'row', table: 'identities', row: row(owner) }] }));
  await expect(write('o'.repeat(549))).rejects.toMatchObject({
    code: 'invalid',
    message: /^identities\.owner and its key is longer than 2048 bytes/u,
  });
  expect(await write('o'.repeat(548))).toMatchObject({ outcome: 'committed' });
  rmSync(directory, { recursive: true });
});
