import { DatabaseSync } from 'node:sqlite';
import { WritError } from '@writ/core';
import type { Hash } from '@writ/ledger';
import type { Reader } from '../port.ts';
import { createReader } from './read.ts';

export interface OpenedReader extends Disposable {
  readonly reader: Reader;
}

/**
 * Opens a store for reading alone, beside whatever process owns it: for audits and exports.
 *
 * @throws WritError `unavailable` when the file cannot be opened
 */
export function openSqliteReader(path: string, hash: Hash): OpenedReader {
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    return { reader: createReader(db, hash), [Symbol.dispose]: () => db.close() };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WritError('unavailable', `the store \`${path}\` cannot be read: ${why}`, { cause });
  }
}
