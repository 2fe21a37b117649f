import type { DatabaseSync } from 'node:sqlite';
import { TABLES, type TableName, WritError } from '@writ/core';
import { LIVE_SQL } from '../live-credential.ts';
import { pagedSql } from '../paged-sql.ts';
import { INDEXED } from '../port.ts';
import { columnsOf, FIRST_TABLES, PEOPLE_TABLES } from '../stored-row.ts';

// INVARIANT: a step that was released never changes; a change of the schema is one more step.
const STEPS: readonly (readonly string[])[] = [
  [
    'CREATE TABLE cells (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID',
    'CREATE TABLE consumed (key TEXT PRIMARY KEY, holder TEXT, until INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    'CREATE INDEX consumed_until ON consumed (until)',
    `CREATE TABLE counters (name TEXT PRIMARY KEY, count INTEGER NOT NULL, until INTEGER NOT NULL)
       STRICT, WITHOUT ROWID`,
    'CREATE INDEX counters_until ON counters (until)',
    'CREATE TABLE entries (idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, salt BLOB, record TEXT) STRICT',
    `CREATE TABLE tiles (level INTEGER NOT NULL, idx INTEGER NOT NULL, hashes BLOB NOT NULL,
       PRIMARY KEY (level, idx)) STRICT`,
    `CREATE TABLE tree (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, root BLOB NOT NULL,
       frontier BLOB NOT NULL, checkpoint TEXT NOT NULL, time_ms INTEGER NOT NULL) STRICT`,
    ...FIRST_TABLES.flatMap(tableSql),
    `CREATE INDEX credentials_live ON credentials (right_id, expires_at) WHERE ${LIVE_SQL}`,
  ],
  PEOPLE_TABLES.flatMap(tableSql),
  pagedSql(''),
];

/**
 * Brings the schema to the version of this program.
 *
 * @throws WritError `conflict` when a newer program has been here
 */
export function migrate(db: DatabaseSync): void {
  db.exec('CREATE TABLE IF NOT EXISTS schema_steps (step INTEGER PRIMARY KEY) STRICT');
  const found = Number(db.prepare('SELECT coalesce(max(step), 0) AS step FROM schema_steps').get()?.['step']);
  if (found > STEPS.length) {
    throw new WritError(
      'conflict',
      `the database has schema ${found} and this program knows ${STEPS.length}: run the newer program`,
    );
  }
  // Each step is one transaction with its own record: a crash leaves it done or not begun.
  for (const [i, statements] of STEPS.entries()) {
    if (i < found) continue;
    db.exec(`BEGIN IMMEDIATE; ${statements.join(';')}; INSERT INTO schema_steps VALUES (${i + 1}); COMMIT`);
  }
}

function tableSql(table: TableName): string[] {
  const { key, columns } = TABLES[table];
  const definitions = Object.entries(columns).map(([column, type]) =>
    column === key ? `${column} TEXT PRIMARY KEY` : `${column} ${type.toUpperCase()} NOT NULL`,
  );
  // Keys are random: an index that ended with one would touch another page for each row of a batch.
  const indexes = INDEXED[table].map((column) => `CREATE INDEX ${table}_${column} ON ${table} (${column})`);
  return [`CREATE TABLE ${table} (${definitions.join(', ')}, entry INTEGER) STRICT`, ...indexes];
}

/** `INSERT … ON CONFLICT` that writes a row whole; its parameters are the columns in order, then `entry`. */
export function upsertSql(table: TableName): string {
  const { key } = TABLES[table];
  const columns = [...columnsOf(table), 'entry'];
  const sets = columns.filter((column) => column !== key).map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (${key}) DO UPDATE SET ${sets.join(', ')}`;
}
