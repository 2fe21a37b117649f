import { type Inclusion, WritError } from '@writ/core';
import { type Hash, LedgerError, proveInclusion, type ReadTile, readNodeFromTiles } from '@writ/ledger';
import type { TreeHead } from './port.ts';

/** The proof of an entry against a head, from the tiles `proofTiles` names. */
export function proveFrom(
  hash: Hash,
  head: TreeHead,
  index: number,
  leaf: Uint8Array,
  readTile: ReadTile,
): Inclusion {
  try {
    const proof = proveInclusion(hash, readNodeFromTiles(hash, readTile), index, head.size);
    return { index, size: head.size, leaf, proof, checkpoint: head.checkpoint };
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new WritError('verification-failed', `entry ${index} cannot be proven: ${cause.message}`, {
      cause,
    });
  }
}

export function noEntry(index: number, size: number): WritError {
  return new WritError('unknown', `the log has no entry \`${index}\`: it ends at ${size}`);
}
