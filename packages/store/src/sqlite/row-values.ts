import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { WritError } from '@writ/core';

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

export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw damaged('a text');
}

export function integer(value: unknown): number {
  if (typeof value === 'number') return value;
  throw damaged('an integer');
}

export function bytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw damaged('bytes');
}

function areRows(rows: unknown): rows is unknown[][] {
  return Array.isArray(rows) && (rows.length === 0 || Array.isArray(rows[0]));
}

function damaged(what: string): WritError {
  return new WritError('verification-failed', `a stored value is not ${what}: run \`writ audit\``);
}
