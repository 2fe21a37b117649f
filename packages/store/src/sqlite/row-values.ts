import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { damaged } from '../stored-value.ts';

/**
 * All rows of a statement prepared with `returnArrays`, which the type declarations do not know of.
 *
 * @throws WritError `verification-failed` for a statement prepared without
 */
export function allRows(statement: StatementSync, ...parameters: SQLInputValue[]): readonly unknown[][] {
  const rows: unknown = statement.all(...parameters);
  if (!areRows(rows)) throw damaged('a row');
  return rows;
}

function areRows(rows: unknown): rows is unknown[][] {
  return Array.isArray(rows) && (rows.length === 0 || Array.isArray(rows[0]));
}
