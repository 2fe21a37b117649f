import { LedgerError } from './ledger-error.ts';

/**
 * SHA-256, given by the caller. Synchronous and pure: it must not keep `data`, whose memory is used again
 * after the call, and it must return 32 bytes that nobody else writes to.
 */
export type Hash = (data: Uint8Array) => Uint8Array;

/** Bytes of one hash. */
export const HASH_SIZE = 32;

/**
 * Refuses a value that is not a whole hash; shorter "hashes" would let two trees share a root.
 *
 * @throws LedgerError `hash-invalid`
 */
export function checkHash(value: Uint8Array, what: string): void {
  if (value.length !== HASH_SIZE) {
    throw new LedgerError('hash-invalid', `${what} has ${value.length} bytes, expected ${HASH_SIZE}`);
  }
}
