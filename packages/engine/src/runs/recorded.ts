import { toHex, WritError } from '@writ/core';
import { decodeLeaf, hashLeaf, type LedgerRecord, verifyRecord } from '@writ/ledger';
import type { Ports } from '../ports.ts';

/** A record that stands in the ledger, with when its entry was committed (milliseconds since the epoch). */
export interface Recorded {
  readonly index: number;
  readonly timeMs: number;
  readonly record: LedgerRecord;
}

/** Leaf hashes of one tile (C2SP tlog-tiles), and bytes of a hash. */
const TILE = 256;
const HASH = 32;

/**
 * Reads back what an entry says, and holds it to the leaf and the leaf to its hash in the tree: whoever changes a row does
 * not make it what a leaf commits to.
 *
 * The tree is that of the same database: whether it is the one that the log has signed is for `writ audit` to say.
 * @throws WritError `verification-failed` where entry, leaf and tree differ, or there is none
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
  const tile = await store.read.tile(0, Math.floor(entry.index / TILE));
  const at = (entry.index % TILE) * HASH;
  if (tile === null || toHex(tile.subarray(at, at + HASH)) !== toHex(hashLeaf(sha256, entry.leaf)))
    throw new WritError(
      'verification-failed',
      `entry ${entry.index} is not what the tree has there; run \`writ audit\``,
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
