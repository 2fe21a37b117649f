import { LedgerError } from './ledger-error.ts';

/** Deeper than any record needs, far from where a nested bomb exhausts the stack. */
const MAX_DEPTH = 16;

/**
 * The canonical text of a JSON value: members sorted by their UTF-16 code units, no white space, numbers and
 * strings as ECMAScript writes them. RFC 8785 §3.2.
 *
 * @throws LedgerError `record-malformed` for what is not JSON, or nested deeper than 16
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw malformed(`it is nested deeper than ${MAX_DEPTH}`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw malformed('a number is not finite');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw malformed('a text holds a lone surrogate');
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') throw malformed(`a ${typeof value} is not JSON`);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return `[${items.map((item) => write(item, depth + 1)).join(',')}]`;
  }
  const members: [string, unknown][] = Object.entries(value);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${write(name, depth)}:${write(member, depth + 1)}`).join(',')}}`;
}

function malformed(why: string): LedgerError {
  return new LedgerError('record-malformed', `record is malformed: ${why}`);
}
