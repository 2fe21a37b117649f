import { equalBytes } from './bytes.ts';
import { checkHash, type Hash } from './hash.ts';
import { hashChildren } from './hash-leaf.ts';
import type { InclusionClaim } from './inclusion.ts';
import { LedgerError } from './ledger-error.ts';
import { checkIndex } from './size.ts';

/** Checks proofs in one tree; accepts and refuses exactly what `verifyInclusion` does. */
export type InclusionChecker = (claim: Pick<InclusionClaim, 'index' | 'leafHash' | 'proof'>) => void;

/** Levels of a tree of 2^53 leaves fit beside the index of a node. */
const LEVELS = 64;

/**
 * `verifyInclusion` for many leaves of one tree. What two paths have in common is hashed for the first alone: a node and
 * its sibling that were hashed up to the root before are compared instead.
 *
 * INVARIANT: `known` holds nodes of paths that led to the root, their siblings and their parents, and nothing else.
 *
 * @throws LedgerError `size-invalid`, `hash-invalid`; the checker throws what `verifyInclusion` throws
 */
export function inclusionChecker(hash: Hash, tree: Pick<InclusionClaim, 'size' | 'root'>): InclusionChecker {
  checkHash(tree.root, 'root');
  const known = new Map<number, Uint8Array>();
  const isKnown = (key: number, node: Uint8Array): boolean => {
    const found = known.get(key);
    return found !== undefined && equalBytes(found, node);
  };
  return ({ index: leaf, leafHash, proof }) => {
    checkIndex(leaf, tree.size);
    checkHash(leafHash, 'leaf hash');
    const path: [number, Uint8Array][] = [];
    let node = leafHash;
    let index = leaf;
    let last = tree.size - 1;
    let level = 0;
    for (const sibling of proof) {
      checkHash(sibling, 'proof hash');
      if (last === 0)
        throw new LedgerError('proof-invalid', 'the inclusion proof is too long for this index');
      while (index === last && index % 2 === 0) {
        index /= 2;
        last /= 2;
        level += 1;
      }
      const isRight = index % 2 === 1;
      const own = index * LEVELS + level;
      const beside = (isRight ? index - 1 : index + 1) * LEVELS + level;
      const above = Math.floor(index / 2) * LEVELS + level + 1;
      const parent = isKnown(own, node) && isKnown(beside, sibling) ? known.get(above) : undefined;
      path.push([own, node], [beside, sibling]);
      node = parent ?? (isRight ? hashChildren(hash, sibling, node) : hashChildren(hash, node, sibling));
      path.push([above, node]);
      index = Math.floor(index / 2);
      last = Math.floor(last / 2);
      level += 1;
    }
    if (last !== 0) throw new LedgerError('proof-invalid', 'the inclusion proof is too short for this index');
    if (!equalBytes(node, tree.root)) {
      throw new LedgerError('root-mismatch', 'the inclusion proof leads to another root');
    }
    for (const [key, found] of path) known.set(key, found);
  };
}
