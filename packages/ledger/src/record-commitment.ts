import { concatBytes } from './bytes.ts';
import type { Hash } from './hash.ts';
import { LedgerError } from './ledger-error.ts';

/** Bytes of the random salt that hides a record behind its commitment. */
export const SALT_SIZE = 32;

/**
 * What a leaf says of its private record: `SHA-256(salt ‖ canonical JSON of the record)`. Records have little
 * entropy; without the salt anybody could guess them.
 *
 * @throws LedgerError `record-malformed` for a salt that is not 32 bytes
 */
export function recordCommitment(hash: Hash, salt: Uint8Array, canonicalRecordBytes: Uint8Array): Uint8Array {
  if (salt.length !== SALT_SIZE) {
    throw new LedgerError('record-malformed', `the salt has ${salt.length} bytes, expected ${SALT_SIZE}`);
  }
  return hash(concatBytes(salt, canonicalRecordBytes));
}
