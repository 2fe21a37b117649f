import { equalBytes } from './bytes.ts';
import { climb, type ReadNode } from './climb.ts';
import { checkHash, type Hash } from './hash.ts';
import { hashChildren } from './hash-leaf.ts';
import { LedgerError } from './ledger-error.ts';
import { rightEdge } from './right-edge.ts';
import { checkSize } from './size.ts';

/** What a consistency proof claims: the tree with `root1` is the beginning of the tree with `root2`. */
export interface ConsistencyClaim {
  readonly size1: number;
  readonly size2: number;
  readonly root1: Uint8Array;
  readonly root2: Uint8Array;
  /** 32 bytes each, in the order of RFC 6962 §2.1.2. Empty when the sizes are equal. */
  readonly proof: readonly Uint8Array[];
}

/**
 * The proof that the first `size1` leaves are the beginning of the first `size2`. RFC 6962 §2.1.2.
 *
 * @throws LedgerError `size-invalid` unless 0 < size1 ≤ size2, or what `readNode` throws
 */
export function proveConsistency(hash: Hash, readNode: ReadNode, size1: number, size2: number): Uint8Array[] {
  checkSizes(size1, size2);
  if (size1 === size2) return [];
  const { level, index } = lastSubtree(size1);
  const path = climb({ level, index }, size2, readNode, (at) => rightEdge(hash, readNode, at, size2));
  return index === 0 ? path : [readNode(level, index), ...path];
}

/**
 * Checks a consistency proof; returns nothing, throws unless it holds. An empty first tree is refused: it is
 * the beginning of every tree, so nothing would be shown. RFC 9162 §2.1.4.2.
 *
 * @throws LedgerError `size-invalid`, `hash-invalid`, `proof-invalid`, `root-mismatch`
 */
export function verifyConsistency(hash: Hash, claim: ConsistencyClaim): void {
  const { size1, size2, root1, root2, proof } = claim;
  checkSizes(size1, size2);
  checkHash(root1, 'first root');
  checkHash(root2, 'second root');
  for (const node of proof) checkHash(node, 'proof hash');
  if (size1 === size2) {
    if (proof.length > 0)
      throw new LedgerError('proof-invalid', 'equal trees need an empty consistency proof');
    if (!equalBytes(root1, root2))
      throw new LedgerError('root-mismatch', 'trees of one size have different roots');
    return;
  }
  const start = lastSubtree(size1);
  let index = start.index;
  let last = Math.floor((size2 - 1) / 2 ** start.level);
  // A first tree that is one perfect subtree is its own start, and the proof leaves it out.
  const path = index === 0 ? proof : proof.slice(1);
  const first = index === 0 ? root1 : proof[0];
  if (first === undefined) throw new LedgerError('proof-invalid', 'the consistency proof is empty');
  let before = first;
  let after = first;
  for (const sibling of path) {
    if (last === 0) throw new LedgerError('proof-invalid', 'the consistency proof is too long');
    while (index === last && index % 2 === 0) {
      index /= 2;
      last /= 2;
    }
    if (index % 2 === 1) {
      before = hashChildren(hash, sibling, before);
      after = hashChildren(hash, sibling, after);
    } else {
      after = hashChildren(hash, after, sibling);
    }
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new LedgerError('proof-invalid', 'the consistency proof is too short');
  if (!equalBytes(before, root1))
    throw new LedgerError('root-mismatch', 'the proof leads to another first root');
  if (!equalBytes(after, root2))
    throw new LedgerError('root-mismatch', 'the proof leads to another second root');
}

function checkSizes(size1: number, size2: number): void {
  checkSize(size1);
  checkSize(size2);
  if (size1 === 0 || size1 > size2) {
    throw new LedgerError(
      'size-invalid',
      `a tree of ${size1} leaves cannot be shown to begin one of ${size2}`,
    );
  }
}

/** The smallest perfect subtree at the right end of the first `size` leaves. */
function lastSubtree(size: number): { level: number; index: number } {
  let level = 0;
  let width = size;
  while (width % 2 === 0) {
    width /= 2;
    level += 1;
  }
  return { level, index: width - 1 };
}
