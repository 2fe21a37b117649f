import { LedgerError } from './ledger-error.ts';

/**
 * Refuses what cannot be a number of leaves: negative, fractional, NaN, or above 2^53 − 1.
 *
 * @throws LedgerError `size-invalid`
 */
export function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new LedgerError('size-invalid', `tree size \`${size}\` is not a whole number from 0 to 2^53 - 1`);
  }
}

/**
 * Refuses an index that is not inside a tree of `size` leaves.
 *
 * @throws LedgerError `size-invalid`, `index-invalid`
 */
export function checkIndex(index: number, size: number): void {
  checkSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new LedgerError('index-invalid', `index \`${index}\` is not inside a tree of ${size} leaves`);
  }
}

const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/;

/** The number of a canonical decimal (no sign, no leading zero, at most 2^53 − 1), or null. */
export function parseDecimal(text: string): number | null {
  if (!DECIMAL.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}
