import { TABLES, type TableName, WritError } from '@writ/core';
import { isStorable } from './admit.ts';
import { INDEXED, MAX_ENTRIES, type WhereColumn } from './port.ts';
import { columnsOf } from './stored-row.ts';

const MAX_LIMIT = 10_000;

/** A statement whose text is made of constants only, and the values of its parameters. */
export interface PageSql {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

/** How an engine writes what differs. */
export interface Dialect {
  /** stands before every table name */
  readonly schema: string;
  /** the n-th placeholder, from 1 */
  readonly parameter: (n: number) => string;
}

/**
 * The statement of one page of a table. Null when the values cannot be in any row.
 *
 * @throws WritError `invalid` for a column without an index, a value of the wrong type, or a limit out of range
 */
export function pageSql(table: TableName, where: WhereColumn<string>, dialect: Dialect): PageSql | null {
  const { key } = TABLES[table];
  const values: (string | number)[] = [];
  const conditions: string[] = [];
  const bind = (value: string | number): string => dialect.parameter(values.push(value));
  if (where.column !== undefined) {
    const column = indexed(table, where.column);
    if ('equals' in where) {
      conditions.push(`${column.name} = ${bind(typed(column, where.equals))}`);
    } else {
      const from = bind(typed(column, where.from));
      conditions.push(`${column.name} >= ${from}`, `${column.name} < ${bind(typed(column, where.below))}`);
    }
  }
  if (where.after !== undefined) conditions.push(`${key} > ${bind(where.after)}`);
  if (!Number.isInteger(where.limit) || where.limit < 1 || where.limit > MAX_LIMIT) {
    throw new WritError('invalid', `limit \`${where.limit}\` is not from 1 to ${MAX_LIMIT}`);
  }
  if (values.some((value) => typeof value === 'string' && !isStorable(value))) return null;
  const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const limit = bind(where.limit);
  return { text: `${selectSql(table, dialect)}${filter} ORDER BY ${key} LIMIT ${limit}`, values };
}

/** The start of every statement that reads whole rows. */
export function selectSql(table: TableName, { schema }: Dialect): string {
  return `SELECT ${columnsOf(table).join(', ')}, entry FROM ${schema}${table}`;
}

/** @throws WritError `invalid` when one read would return more than `MAX_ENTRIES` */
export function checkEntryRange(from: number, to: number): void {
  const wide = to - from > MAX_ENTRIES;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || wide) {
    throw new WritError(
      'invalid',
      `entries \`${from}\` to \`${to}\` are not a range of at most ${MAX_ENTRIES}`,
    );
  }
}

interface Column {
  readonly name: string;
  readonly type: 'text' | 'integer';
}

// The name may come from outside: what goes into the statement is the constant it equals.
function indexed(table: TableName, asked: string): Column {
  const name = INDEXED[table].find((column) => column === asked);
  const type = Object.entries(TABLES[table].columns).find(([column]) => column === name)?.[1];
  if (name === undefined || type === undefined) {
    throw new WritError('invalid', `rows of \`${table}\` are not found by \`${asked}\``);
  }
  return { name, type };
}

function typed({ name, type }: Column, value: string | number): string | number {
  if (type === 'text' ? typeof value === 'string' : Number.isSafeInteger(value)) return value;
  throw new WritError('invalid', `\`${name}\` is compared with \`${value}\`, which is no ${type}`);
}
