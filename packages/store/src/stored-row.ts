import { type StoredRow, TABLES, type TableName, WritError } from '@writ/core';

/** Every table of the one logical schema. */
export const TABLE_NAMES: readonly TableName[] = Object.keys(TABLES).filter(isTableName);

/** The tables that the first step of the schema made; later steps make the others. */
export const FIRST_TABLES: readonly TableName[] = [
  'identities',
  'runs',
  'credentials',
  'artefact_sets',
  'issuer_keys',
  'freezes',
  'decisions',
];

/** The tables of people and of runs that wait for them. */
export const PEOPLE_TABLES: readonly TableName[] = TABLE_NAMES.filter((name) => !FIRST_TABLES.includes(name));

/** The columns of a table in their order, without `entry`, which every table has last. */
export function columnsOf(table: TableName): readonly string[] {
  return Object.keys(TABLES[table].columns);
}

/**
 * The row of the values the database gave, in the order of `columnsOf` and then `entry`.
 *
 * @throws WritError `verification-failed` when they are not of the table's types: someone else wrote them
 */
export function storedRow<T extends TableName>(table: T, values: readonly unknown[]): StoredRow<T> {
  const row: Record<string, unknown> = {};
  let at = 0;
  for (const column in TABLES[table].columns) row[column] = values[at++];
  row['entry'] = values[at];
  if (isStored(table, row)) return row;
  throw new WritError('verification-failed', `a row of \`${table}\` is not of its types: run \`writ audit\``);
}

/** What JavaScript calls the types of each column, by table: read for every row, so looked up once. */
const TYPES = new Map(
  TABLE_NAMES.map((table) => [
    table,
    Object.entries(TABLES[table].columns).map(
      ([column, type]) => [column, type === 'text' ? 'string' : 'number'] as const,
    ),
  ]),
);

function isStored<T extends TableName>(
  table: T,
  row: Readonly<Record<string, unknown>>,
): row is StoredRow<T> & Record<string, unknown> {
  const entry = row['entry'];
  if (entry !== null && typeof entry !== 'number') return false;
  for (const [column, type] of TYPES.get(table) ?? []) if (typeof row[column] !== type) return false;
  return true;
}

function isTableName(name: string): name is TableName {
  return Object.hasOwn(TABLES, name);
}
