import { equalBytes } from './bytes.ts';
import type { Hash } from './hash.ts';
import type { Leaf } from './leaf.ts';
import { LedgerError } from './ledger-error.ts';
import { parseRecord } from './parse-record.ts';
import type { LedgerRecord } from './record.ts';
import { recordCommitment } from './record-commitment.ts';
import { recordDifference } from './record-difference.ts';
import { encodeUtf8 } from './utf8.ts';

/**
 * Checks that a record is the one a leaf commits to, and that both tell the same: type, time and class.
 *
 * @throws LedgerError `record-mismatch`, `record-malformed`, `utf8-malformed`
 */
export function verifyRecord(hash: Hash, leaf: Leaf, salt: Uint8Array, record: string): LedgerRecord {
  if (!equalBytes(recordCommitment(hash, salt, encodeUtf8(record)), leaf.record)) {
    throw mismatch('the record is not the one the leaf commits to');
  }
  const parsed = parseRecord(record);
  const difference = recordDifference(parsed, leaf);
  if (difference !== null) throw mismatch(difference);
  return parsed;
}

function mismatch(why: string): LedgerError {
  return new LedgerError('record-mismatch', why);
}
