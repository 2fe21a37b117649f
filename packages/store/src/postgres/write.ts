import { TABLES, type TableName, WritError } from '@writ/core';
import { HASH_SIZE } from '@writ/ledger';
import type { ClientBase } from 'pg';
import { joinHashes } from '../edge-check.ts';
import type { Grown, Settlement, WrittenRow } from '../settle.ts';
import { columnsOf } from '../stored-row.ts';

/** Rows for one table: the statement that takes them from the JSON parameter `$n`, and that parameter. */
interface Part {
  readonly name: string;
  readonly sql: (parameter: string) => string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Of what may be forgotten, so many are removed in one batch at most. */
const FORGET = 1000;
/** How long (milliseconds) the outcome of a batch can be looked up. */
const BATCH_MEMORY = 3_600_000;

const FORGET_SQL = `WITH
  keys AS (DELETE FROM writ.consumed WHERE key IN
    (SELECT key FROM writ.consumed WHERE until < $1 ORDER BY until LIMIT ${FORGET})),
  windows AS (DELETE FROM writ.counters WHERE name IN
    (SELECT name FROM writ.counters WHERE until < $1 ORDER BY until LIMIT ${FORGET}))
  DELETE FROM writ.batches WHERE at < $2`;

const texts = new Map<string, string>();

/**
 * Writes all of a settlement in one round trip: one statement made of those parts that have rows, each part one JSON
 * parameter. The batch leaves its id, so that a COMMIT whose answer is lost can be asked for.
 */
export async function write(
  client: ClientBase,
  settlement: Settlement,
  batch: { readonly id: string; readonly at: number },
): Promise<void> {
  const parts = partsOf(settlement, batch).filter(({ rows }) => rows.length > 0);
  const text = parts.map(({ name, sql }, i) => `${name} AS (${sql(`$${i + 1}::json`)})`).join(',\n');
  const more = parts.find(({ name }) => name === 'more_tiles');
  const { rows } = await client.query<unknown[]>({
    name: nameOf(text),
    text: `WITH ${text} SELECT ${more === undefined ? '0' : '(SELECT count(*) FROM more_tiles)'}`,
    values: parts.map((part) => JSON.stringify(part.rows)),
    rowMode: 'array',
  });
  if (rows[0]?.[0] !== (more?.rows.length ?? 0)) {
    throw new WritError('unavailable', 'a tile does not end where the log does: run `writ audit`');
  }
}

/** Removes keys and windows that ended before `end`, and batches long decided (milliseconds since the epoch). */
export async function forget(client: ClientBase, end: number): Promise<void> {
  await client.query({ name: 'writ_forget', text: FORGET_SQL, values: [end, end - BATCH_MEMORY] });
}

/** One name for each text: a connection prepares it once. */
function nameOf(text: string): string {
  const name = texts.get(text) ?? `writ_write_${texts.size}`;
  texts.set(text, name);
  return name;
}

function partsOf({ changed, rows, grown }: Settlement, batch: { id: string; at: number }): Part[] {
  return [
    {
      name: 'cells',
      sql: insert(
        'cells',
        'name text, value text',
        'ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      ),
      rows: [...changed.cells].map(([name, value]) => ({ name, value })),
    },
    {
      name: 'consumed',
      sql: insert(
        'consumed',
        'key text, holder text, until bigint',
        'ON CONFLICT (key) DO UPDATE SET until = excluded.until',
      ),
      rows: [...changed.consumed].map(([key, { holder, until }]) => ({ key, holder, until })),
    },
    {
      name: 'counters',
      sql: insert(
        'counters',
        'name text, count bigint, until bigint',
        'ON CONFLICT (name) DO UPDATE SET count = excluded.count, until = excluded.until',
      ),
      rows: [...changed.counters].map(([name, { count, until }]) => ({ name, count, until })),
    },
    ...[...rows].map(([table, ofTable]) => tablePart(table, ofTable)),
    ...(grown === null ? [] : grownParts(grown)),
    { name: 'batches', sql: insert('batches', 'id text, at bigint', ''), rows: [batch] },
  ];
}

function grownParts({ tree: { size, frontier }, root, checkpoint, timeMs, entries, tiles }: Grown): Part[] {
  const tileRows = tiles.map(({ level, index, offset, hashes }) => ({
    level,
    idx: index,
    bytes_before: offset * HASH_SIZE,
    hashes: hex(hashes),
  }));
  return [
    {
      name: 'entries',
      sql: (rows) => `INSERT INTO writ.entries SELECT idx, decode(leaf, 'hex'), decode(salt, 'hex'), record
        FROM json_to_recordset(${rows}) AS x(idx bigint, leaf text, salt text, record text)`,
      rows: entries.map(({ index, leaf, salt, record }) => ({
        idx: index,
        leaf: hex(leaf),
        salt: hex(salt),
        record,
      })),
    },
    {
      name: 'new_tiles',
      sql: (rows) => `INSERT INTO writ.tiles SELECT level, idx, decode(hashes, 'hex')
        FROM json_to_recordset(${rows}) AS x(level int, idx bigint, hashes text)`,
      rows: tileRows.filter(({ bytes_before }) => bytes_before === 0),
    },
    {
      name: 'more_tiles',
      sql: (rows) => `UPDATE writ.tiles t SET hashes = t.hashes || decode(x.hashes, 'hex')
        FROM json_to_recordset(${rows}) AS x(level int, idx bigint, bytes_before int, hashes text)
        WHERE t.level = x.level AND t.idx = x.idx AND octet_length(t.hashes) = x.bytes_before RETURNING 1`,
      rows: tileRows.filter(({ bytes_before }) => bytes_before > 0),
    },
    {
      name: 'tree',
      sql: (rows) => `UPDATE writ.tree SET size = x.size, root = decode(x.root, 'hex'),
          frontier = decode(x.frontier, 'hex'), checkpoint = x.checkpoint, time_ms = x.time_ms
        FROM json_to_recordset(${rows})
          AS x(size bigint, root text, frontier text, checkpoint text, time_ms bigint) WHERE one = 1`,
      rows: [{ size, root: hex(root), frontier: hex(joinHashes(frontier)), checkpoint, time_ms: timeMs }],
    },
  ];
}

function tablePart(table: TableName, ofTable: ReadonlyMap<string, WrittenRow>): Part {
  const { key, columns } = TABLES[table];
  const names = columnsOf(table);
  const types = Object.entries(columns).map(
    ([name, type]) => `${name} ${type === 'text' ? 'text' : 'bigint'}`,
  );
  const sets = [...names, 'entry'].filter((name) => name !== key).map((name) => `${name} = excluded.${name}`);
  return {
    name: table,
    sql: insert(
      table,
      `${types.join(', ')}, entry bigint`,
      `ON CONFLICT (${key}) DO UPDATE SET ${sets.join(', ')}`,
    ),
    rows: [...ofTable.values()].map(({ values, entry }) => ({
      ...Object.fromEntries(names.map((name, i) => [name, values[i]])),
      entry,
    })),
  };
}

/** The columns of the table in its order, with their types. */
function insert(table: string, columns: string, onConflict: string): (parameter: string) => string {
  return (rows) =>
    `INSERT INTO writ.${table} SELECT * FROM json_to_recordset(${rows}) AS x(${columns}) ${onConflict}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
