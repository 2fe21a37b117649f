import { equalBytes } from './bytes.ts';
import { climb, type ReadNode } from './climb.ts';
import { checkHash, type Hash } from './hash.ts';
import { hashChildren } from './hash-leaf.ts';
import { LedgerError } from './ledger-error.ts';
import { rightEdge } from './right-edge.ts';
import { checkIndex } from './size.ts';

/** What an inclusion proof claims: the leaf with this hash is the `index`-th of the tree with this root. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  /** From the leaf's sibling up to the child of the root, 32 bytes each. */
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/**
 * The inclusion proof of leaf `index` in the tree of the first `size` leaves. RFC 6962 §2.1.1.
 *
 * @throws LedgerError `size-invalid`, `index-invalid`, or what `readNode` throws
 */
export function proveInclusion(hash: Hash, readNode: ReadNode, index: number, size: number): Uint8Array[] {
  checkIndex(index, size);
  return climb({ level: 0, index }, size, readNode, (level) => rightEdge(hash, readNode, level, size));
}

/**
 * Checks an inclusion proof; returns nothing, throws unless it holds. RFC 9162 §2.1.3.2.
 *
 * @throws LedgerError `size-invalid`, `index-invalid`, `hash-invalid`, `proof-invalid` (too short or too long
 *   for this index and size), `root-mismatch`
 */
export function verifyInclusion(hash: Hash, claim: InclusionClaim): void {
  checkIndex(claim.index, claim.size);
  checkHash(claim.leafHash, 'leaf hash');
  checkHash(claim.root, 'root');
  let node = claim.leafHash;
  let index = claim.index;
  let last = claim.size - 1;
  for (const sibling of claim.proof) {
    checkHash(sibling, 'proof hash');
    if (last === 0) throw new LedgerError('proof-invalid', 'the inclusion proof is too long for this index');
    while (index === last && index % 2 === 0) {
      index /= 2;
      last /= 2;
    }
    node = index % 2 === 1 ? hashChildren(hash, sibling, node) : hashChildren(hash, node, sibling);
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new LedgerError('proof-invalid', 'the inclusion proof is too short for this index');
  if (!equalBytes(node, claim.root)) {
    throw new LedgerError('root-mismatch', 'the inclusion proof leads to another root');
  }
}
