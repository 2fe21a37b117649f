import { TABLES, type TableName, WritError } from '@writ/core';
import type { ClientBase } from 'pg';
import { LIVE_SQL } from '../live-credential.ts';
import { pagedSql } from '../paged-sql.ts';
import { INDEXED } from '../port.ts';
import { FIRST_TABLES, PEOPLE_TABLES } from '../stored-row.ts';
import { integer } from '../stored-value.ts';

/** Any number: replicas that start at once wait for each other on it. */
const MIGRATION_LOCK = 0x77726974;

// Texts compare by their bytes, as they do in SQLite: a page of rows has one order everywhere.
const TEXT = 'text COLLATE "C"';
const TYPES = { text: TEXT, integer: 'bigint' } as const;

// INVARIANT: a step that was released never changes; a change of the schema is one more step.
const STEPS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE writ.cells (name ${TEXT} PRIMARY KEY, value ${TEXT} NOT NULL)`,
    `CREATE TABLE writ.consumed (key ${TEXT} PRIMARY KEY, holder ${TEXT}, until bigint NOT NULL)`,
    'CREATE INDEX consumed_until ON writ.consumed (until)',
    `CREATE TABLE writ.counters (name ${TEXT} PRIMARY KEY, count bigint NOT NULL, until bigint NOT NULL)`,
    'CREATE INDEX counters_until ON writ.counters (until)',
    `CREATE TABLE writ.entries (idx bigint PRIMARY KEY, leaf bytea NOT NULL, salt bytea, record ${TEXT})`,
    'CREATE TABLE writ.tiles (level int NOT NULL, idx bigint NOT NULL, hashes bytea NOT NULL, PRIMARY KEY (level, idx))',
    // Hashes do not compress; trying costs time under the lock.
    'ALTER TABLE writ.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL',
    `CREATE TABLE writ.tree (one int PRIMARY KEY CHECK (one = 1), size bigint NOT NULL, root bytea NOT NULL,
       frontier bytea NOT NULL, checkpoint ${TEXT} NOT NULL, time_ms bigint NOT NULL)`,
    `CREATE TABLE writ.batches (id ${TEXT} PRIMARY KEY, at bigint NOT NULL)`,
    ...FIRST_TABLES.flatMap(tableSql),
    `CREATE INDEX credentials_live ON writ.credentials (right_id, expires_at) WHERE ${LIVE_SQL}`,
  ],
  PEOPLE_TABLES.flatMap(tableSql),
  pagedSql('writ.'),
];

/**
 * Brings the schema to the version of this program, in the caller's transaction.
 *
 * @throws WritError `conflict` when a newer program has been here
 */
export async function migrate(client: ClientBase): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  await client.query('CREATE SCHEMA IF NOT EXISTS writ');
  await client.query('CREATE TABLE IF NOT EXISTS writ.schema_steps (step int PRIMARY KEY)');
  const { rows } = await client.query<unknown[]>({
    text: 'SELECT coalesce(max(step), 0) FROM writ.schema_steps',
    rowMode: 'array',
  });
  const found = integer(rows[0]?.[0]);
  if (found > STEPS.length) {
    throw new WritError(
      'conflict',
      `the database has schema ${found} and this program knows ${STEPS.length}: run the newer program`,
    );
  }
  for (const [i, statements] of STEPS.entries()) {
    if (i < found) continue;
    for (const statement of statements) await client.query(statement);
    await client.query('INSERT INTO writ.schema_steps VALUES ($1)', [i + 1]);
  }
}

function tableSql(table: TableName): string[] {
  const { key, columns } = TABLES[table];
  const definitions = Object.entries(columns).map(
    ([column, type]) => `${column} ${TYPES[type]} ${column === key ? 'PRIMARY KEY' : 'NOT NULL'}`,
  );
  const indexes = INDEXED[table].map(
    (column) => `CREATE INDEX ${table}_${column} ON writ.${table} (${column})`,
  );
  return [`CREATE TABLE writ.${table} (${definitions.join(', ')}, entry bigint)`, ...indexes];
}
