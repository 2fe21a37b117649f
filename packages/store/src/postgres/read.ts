import { TABLES, WritError } from '@writ/core';
import type { Hash } from '@writ/ledger';
import type { Pool } from 'pg';
import { isStorable } from '../admit.ts';
import { LIVE_SQL } from '../live-credential.ts';
import { checkEntryRange, type Dialect, pageSql, selectSql } from '../page-sql.ts';
import type { Reader, StoredEntry, TreeHead } from '../port.ts';
import { noEntry, proveFrom } from '../prove-from.ts';
import { storedRow } from '../stored-row.ts';
import { bytes, integer, text } from '../stored-value.ts';
import { isTilePlace, proofTiles, type TilePlace } from '../tile-need.ts';
import { readHead } from './load.ts';

const DIALECT: Dialect = { schema: 'writ.', parameter: (n) => `$${n}` };
const ENTRIES = 'SELECT idx, leaf, salt, record FROM writ.entries WHERE idx >= $1 AND idx < $2 ORDER BY idx';
const LIVE = `SELECT count(*) FROM writ.credentials WHERE right_id = $1 AND expires_at > $2 AND ${LIVE_SQL}`;
const TILES = `SELECT level, idx, hashes FROM json_to_recordset($1::json) AS x(level int, idx bigint)
  JOIN writ.tiles USING (level, idx)`;

/** Runs a statement whose text is made of constants; each text is prepared once per connection. */
export type Query = (text: string, values: readonly unknown[]) => Promise<readonly unknown[][]>;

export function createQuery(pool: Pool): Query {
  const names = new Map<string, string>();
  return async (sql, values) => {
    const name = names.get(sql) ?? `writ_read_${names.size}`;
    names.set(sql, name);
    return answered(async () => {
      const { rows } = await pool.query<unknown[]>({
        name,
        text: sql,
        values: [...values],
        rowMode: 'array',
      });
      return rows;
    });
  };
}

/** The hashes of tiles by `level/index`, in one round trip. */
export async function readTiles(
  query: Query,
  places: readonly TilePlace[],
): Promise<Map<string, Uint8Array>> {
  const asked = places.map(({ level, index }) => ({ level, idx: index }));
  const rows = await query(TILES, [JSON.stringify(asked)]);
  return new Map(
    rows.map(([level, index, hashes]) => [`${integer(level)}/${integer(index)}`, bytes(hashes)]),
  );
}

export function createReader(pool: Pool, query: Query, hash: Hash): Reader {
  return {
    async cells(names) {
      const rows = await query('SELECT name, value FROM writ.cells WHERE name = ANY($1::text[])', [
        names.filter(isStorable),
      ]);
      const found = new Map(rows.map(([name, value]) => [text(name), text(value)]));
      return Object.fromEntries(names.map((name) => [name, found.get(name) ?? null]));
    },
    async row(table, key) {
      const sql = `${selectSql(table, DIALECT)} WHERE ${TABLES[table].key} = $1`;
      const [values] = isStorable(key) ? await query(sql, [key]) : [];
      return values === undefined ? null : storedRow(table, values);
    },
    async rows(table, where) {
      const page = pageSql(table, where, DIALECT);
      const rows = page === null ? [] : await query(page.text, page.values);
      return rows.map((values) => storedRow(table, values));
    },
    async live(right, now) {
      if (!isStorable(right)) return 0;
      const [row] = await query(LIVE, [right, now]);
      return integer(row?.[0]);
    },
    tree: head,
    entry: async (index) => (await entries(index, index + 1))[0] ?? null,
    entries,
    async tile(level, index) {
      if (!isTilePlace({ level, index })) return null;
      return (await readTiles(query, [{ level, index }])).get(`${level}/${index}`) ?? null;
    },
    async inclusion(index) {
      // The head first: what is read after it can only have grown.
      const at = await head();
      if (!Number.isSafeInteger(index) || index < 0 || index >= at.size) throw noEntry(index, at.size);
      const [[entry], tiles] = await Promise.all([
        entries(index, index + 1),
        readTiles(query, proofTiles(index, at.size)),
      ]);
      if (entry === undefined) throw noEntry(index, at.size);
      return proveFrom(hash, at, index, entry.leaf, (level, of) => tiles.get(`${level}/${of}`));
    },
  };

  async function head(): Promise<TreeHead> {
    const found = await answered(() => readHead(pool));
    if (found === null) throw new WritError('verification-failed', 'the tree row is missing');
    const { size, root, checkpoint, timeMs } = found;
    return { size, root, checkpoint, timeMs };
  }

  async function entries(from: number, to: number): Promise<readonly StoredEntry[]> {
    checkEntryRange(from, to);
    const rows = await query(ENTRIES, [from, to]);
    return rows.map(([index, leaf, salt, record]) => ({
      index: integer(index),
      leaf: bytes(leaf),
      salt: salt === null ? null : bytes(salt),
      record: record === null ? null : text(record),
    }));
  }
}

async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WritError('unavailable', `the store could not read: ${why}`, { cause });
  }
}
