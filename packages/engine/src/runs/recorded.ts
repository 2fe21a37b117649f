import { WritError } from '@writ/core';
import { decodeLeaf, type LedgerRecord, verifyRecord } from '@writ/ledger';
import type { Ports } from '../ports.ts';

/** A record that stands in the ledger, with when its entry was committed (milliseconds since the epoch). */
export interface Recorded {
  readonly index: number;
  readonly timeMs: number;
  readonly record: LedgerRecord;
}

/**
 * Reads back what an entry says and holds it to the leaf: whoever can write the database can change a row, and cannot make
 * it what a leaf commits to.
 * @throws WritError `verification-failed` where entry and leaf differ, or there is none
 */
export async function recorded(
  { store, sha256 }: Pick<Ports, 'store' | 'sha256'>,
  index: number | null,
): Promise<Recorded> {
  const entry = index === null ? null : await store.read.entry(index);
  if (entry === null || entry.salt === null || entry.record === null)
    throw new WritError(
      'verification-failed',
      'what is stored stands in no entry of the ledger; run `writ audit`',
    );
  try {
    const leaf = decodeLeaf(entry.leaf);
    return {
      index: entry.index,
      timeMs: leaf.timeMs,
      record: verifyRecord(sha256, leaf, entry.salt, entry.record),
    };
  } catch (cause) {
    throw new WritError(
      'verification-failed',
      `entry ${entry.index} is not what its leaf says; run \`writ audit\``,
      { cause },
    );
  }
}
