import type { ReadNode } from './climb.ts';
import type { Hash } from './hash.ts';
import { hashChildren } from './hash-leaf.ts';
import { LedgerError } from './ledger-error.ts';

/**
 * The hash of the ragged right edge: of the last `size mod 2^level` leaves, which must not be none.
 *
 * @throws LedgerError `size-invalid` when there is no such edge, or what `readNode` throws
 */
export function rightEdge(hash: Hash, readNode: ReadNode, level: number, size: number): Uint8Array {
  let edge: Uint8Array | undefined;
  let rest = size;
  for (let below = 0; below < level && rest > 0; below++) {
    if (rest % 2 === 1) {
      const node = readNode(below, rest - 1);
      edge = edge === undefined ? node : hashChildren(hash, node, edge);
    }
    rest = Math.floor(rest / 2);
  }
  if (edge === undefined)
    throw new LedgerError('size-invalid', `a tree of ${size} leaves has no edge below level ${level}`);
  return edge;
}
