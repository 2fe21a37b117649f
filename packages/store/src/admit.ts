import { type Commit, type NewEntry, TABLES, WritError, type Write } from '@writ/core';
import { SALT_SIZE } from '@writ/ledger';
import { leafOf } from './entry-leaf.ts';
import { INDEXED, PAGED } from './port.ts';

/**
 * The most bytes (UTF-8) of a key and of an indexed column, cells and counters included, and of a paged column with its key:
 * PostgreSQL has no longer ones.
 * A SPIFFE ID fits. What comes from outside without a limit is hashed by the caller.
 */
export const MAX_KEY = 2048;
/** The most UTF-16 units of any other text. */
export const MAX_TEXT: number = 4 * 1024 * 1024;

/**
 * Refuses a commit that could not be written, before it waits with others: once in a batch, it would take them down
 * with it.
 *
 * @throws WritError `invalid`
 */
export function admit(commit: Commit): void {
  for (const expect of commit.expect) {
    if (expect.kind === 'cell') {
      checkKey('cell', expect.cell);
      if (expect.is !== null) checkText('cell value', expect.is);
    } else if (expect.kind === 'rate') {
      checkKey('counter', expect.counter);
      checkInteger('until', expect.until);
    } else {
      checkKey('right', expect.right);
      checkInteger('now', expect.now);
    }
    if (expect.kind !== 'cell') checkInteger('limit', expect.limit);
  }
  for (const { key, holder, until } of commit.consume) {
    checkKey('consumed key', key);
    if (holder !== null) checkText('holder', holder);
    checkInteger('until', until);
  }
  for (const write of commit.write) checkWrite(write);
  if (commit.append !== null) checkEntry(commit.append);
}

/** Whether both engines keep the text as it is: PostgreSQL has no U+0000, and a lone surrogate has no UTF-8. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function checkWrite(write: Write): void {
  if (write.kind === 'cell') {
    checkKey('cell', write.cell);
    checkText('cell value', write.value);
    return;
  }
  const { table } = write;
  if (!Object.hasOwn(TABLES, table)) throw new WritError('invalid', `there is no table \`${table}\``);
  const row: Readonly<Record<string, unknown>> = write.row;
  const keys: readonly string[] = [TABLES[table].key, ...INDEXED[table]];
  for (const [column, type] of Object.entries(TABLES[table].columns)) {
    const check = type === 'integer' ? checkInteger : keys.includes(column) ? checkKey : checkText;
    check(`${table}.${column}`, row[column]);
  }
  // One index holds both.
  for (const [paged, column] of PAGED) {
    const key = row[TABLES[paged].key];
    if (paged === table) checkKey(`${table}.${column} and its key`, `${String(row[column])}${String(key)}`);
  }
}

function checkEntry(entry: NewEntry): void {
  checkText('record', entry.record);
  if (entry.salt.length !== SALT_SIZE) {
    throw new WritError('invalid', `the salt has ${entry.salt.length} bytes, expected ${SALT_SIZE}`);
  }
  leafOf(entry, 0);
}

function checkText(what: string, value: unknown): void {
  if (typeof value !== 'string') throw new WritError('invalid', `${what} is not a text`);
  if (!isStorable(value)) {
    throw new WritError('invalid', `${what} holds U+0000 or half a character: no text can`);
  }
  if (value.length > MAX_TEXT)
    throw new WritError('invalid', `${what} is longer than ${MAX_TEXT} characters`);
}

function checkKey(what: string, value: unknown): void {
  checkText(what, value);
  // No text has more than three bytes for each of its UTF-16 units.
  if (typeof value === 'string' && value.length > MAX_KEY / 3 && Buffer.byteLength(value) > MAX_KEY) {
    throw new WritError('invalid', `${what} is longer than ${MAX_KEY} bytes: use its hash`);
  }
}

function checkInteger(what: string, value: unknown): void {
  if (!Number.isSafeInteger(value)) {
    throw new WritError('invalid', `${what} \`${String(value)}\` is not a whole number from -2^53 to 2^53`);
  }
}
