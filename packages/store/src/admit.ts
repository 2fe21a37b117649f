import { type Commit, type NewEntry, TABLES, WritError, type Write } from '@writ/core';
import { SALT_SIZE } from '@writ/ledger';
import { leafOf } from './entry-leaf.ts';

/**
 * Refuses a commit that could not be written, before it waits with others: once in a batch, it would take them down
 * with it.
 *
 * @throws WritError `invalid`
 */
export function admit(commit: Commit): void {
  for (const expect of commit.expect) {
    if (expect.kind === 'cell') {
      checkText('cell', expect.cell);
      if (expect.is !== null) checkText('cell value', expect.is);
    } else if (expect.kind === 'rate') {
      checkText('counter', expect.counter);
      checkInteger('until', expect.until);
    } else {
      checkText('right', expect.right);
      checkInteger('now', expect.now);
    }
    if (expect.kind !== 'cell') checkInteger('limit', expect.limit);
  }
  for (const { key, holder, until } of commit.consume) {
    checkText('consumed key', key);
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
    checkText('cell', write.cell);
    checkText('cell value', write.value);
    return;
  }
  const { table } = write;
  if (!Object.hasOwn(TABLES, table)) throw new WritError('invalid', `there is no table \`${table}\``);
  const row: Readonly<Record<string, unknown>> = write.row;
  for (const [column, type] of Object.entries(TABLES[table].columns)) {
    if (type === 'text') checkText(`${table}.${column}`, row[column]);
    else checkInteger(`${table}.${column}`, row[column]);
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
}

function checkInteger(what: string, value: unknown): void {
  if (!Number.isSafeInteger(value)) {
    throw new WritError('invalid', `${what} \`${String(value)}\` is not a whole number from -2^53 to 2^53`);
  }
}
