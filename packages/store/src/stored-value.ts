import { WritError } from '@writ/core';

// Values as a database gives them, of the type they must have. Each function throws WritError `verification-failed`.

export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw damaged('a text');
}

export function integer(value: unknown): number {
  if (typeof value === 'number') return value;
  throw damaged('an integer');
}

/** Always a plain Uint8Array over memory of its own: drivers give subclasses and views of their buffers. */
export function bytes(value: unknown): Uint8Array {
  if (value instanceof Buffer) return new Uint8Array(value);
  if (value instanceof Uint8Array) return value;
  throw damaged('bytes');
}

/** Rows of values. */
export function list(value: unknown): readonly unknown[][] {
  if (isList(value)) return value;
  throw damaged('a list of rows');
}

function isList(value: unknown): value is unknown[][] {
  return Array.isArray(value) && value.every((row) => Array.isArray(row));
}

export function damaged(what: string): WritError {
  return new WritError('verification-failed', `a stored value is not ${what}: run \`writ audit\``);
}
