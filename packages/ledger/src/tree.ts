import { climb, type ReadNode } from './climb.ts';
import { checkHash, type Hash } from './hash.ts';
import { emptyRoot, hashChildren } from './hash-leaf.ts';
import { LedgerError } from './ledger-error.ts';
import { checkIndex, checkSize } from './size.ts';

/**
 * All that is needed to append: the number of leaves and the hashes of the perfect subtrees they split into,
 * largest first (one for each bit set in `size`; a "compact range").
 */
export interface Tree {
  readonly size: number;
  readonly frontier: readonly Uint8Array[];
}

/** A perfect subtree completed by an append: 2^level leaves from leaf `index · 2^level` on. */
export interface NewNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/** The outcome of one append. */
export interface Appended {
  readonly tree: Tree;
  readonly root: Uint8Array;
  /** In the order of completion; within one level by ascending index, without gaps. */
  readonly nodes: readonly NewNode[];
  /**
   * The inclusion proof, at the new size, of a leaf appended by this batch. Costs no hashing and no reads.
   *
   * @throws LedgerError `index-invalid` when `index` is not of this batch
   */
  readonly prove: (index: number) => Uint8Array[];
}

/** The tree without leaves. */
export const emptyTree: Tree = { size: 0, frontier: [] };

/** The Merkle tree hash of the whole tree. RFC 6962 §2.1. */
export function rootOf(hash: Hash, tree: Tree): Uint8Array {
  checkTree(tree);
  return foldEdge(hash, tree.frontier)[0] ?? emptyRoot(hash);
}

/**
 * The tree of the first `size` leaves, read from stored perfect nodes.
 *
 * @throws LedgerError `size-invalid`, or what `readNode` throws
 */
export function treeAt(readNode: ReadNode, size: number): Tree {
  checkSize(size);
  const frontier: Uint8Array[] = [];
  let rest = size;
  for (let level = 52; level >= 0; level--) {
    const width = 2 ** level;
    if (rest < width) continue;
    frontier.push(readNode(level, (size - rest) / width));
    rest -= width;
  }
  return { size, frontier };
}

/**
 * Appends leaf hashes (32 bytes each, RFC 6962 §2.1) in order. Pure: the old tree stays as it was.
 *
 * @throws LedgerError `size-invalid` (not a tree, or it would outgrow 2^53 − 1), `hash-invalid`
 */
export function append(hash: Hash, tree: Tree, leafHashes: readonly Uint8Array[]): Appended {
  checkTree(tree);
  checkSize(tree.size + leafHashes.length);
  const nodes: NewNode[] = [];
  const rows: Row[] = [];
  const stack = [...tree.frontier];
  let size = tree.size;
  for (const leafHash of leafHashes) {
    checkHash(leafHash, 'leaf hash');
    let node = leafHash;
    let index = size;
    for (let level = 0; ; level++) {
      nodes.push({ level, index, hash: node });
      const row = rows[level];
      if (row === undefined) rows.push({ first: index, hashes: [node] });
      else row.hashes.push(node);
      if (index % 2 === 0) break;
      // INVARIANT: checkTree has seen one subtree for each bit set, so an odd index has its left sibling here.
      node = hashChildren(hash, stack.pop() ?? node, node);
      index = (index - 1) / 2;
    }
    stack.push(node);
    size += 1;
  }
  const edges = foldEdge(hash, stack);
  const root = edges[0] ?? emptyRoot(hash);
  const levels = frontierLevels(size);
  const edge = (level: number): Uint8Array => edges[levels.findIndex((of) => of < level)] ?? root;
  const readNode = nodesOf(tree, rows);
  return {
    tree: { size, frontier: stack },
    root,
    nodes,
    prove(index) {
      checkIndex(index, size);
      if (index < tree.size) {
        throw new LedgerError('index-invalid', `index \`${index}\` was appended before this batch`);
      }
      return climb({ level: 0, index }, size, readNode, edge);
    },
  };
}

/** New perfect nodes of one level. */
interface Row {
  readonly first: number;
  readonly hashes: Uint8Array[];
}

// A sibling of a new leaf's path that holds old leaves only is in the old frontier: its parent holds a leaf
// that did not exist yet, so the old tree could not merge it further.
function nodesOf(old: Tree, rows: readonly Row[]): ReadNode {
  const oldAt: (Uint8Array | undefined)[] = [];
  for (const [k, level] of frontierLevels(old.size).entries()) oldAt[level] = old.frontier[k];
  return (level, index) => {
    const row = rows[level];
    const found = row !== undefined && index >= row.first ? row.hashes[index - row.first] : oldAt[level];
    if (found === undefined)
      throw new LedgerError('node-missing', `node ${index} of level ${level} is not known`);
    return found;
  };
}

/** The levels of the frontier's subtrees, largest first: the bits set in `size`. */
function frontierLevels(size: number): number[] {
  const levels: number[] = [];
  let rest = size;
  for (let level = 0; rest > 0; level++) {
    if (rest % 2 === 1) levels.push(level);
    rest = Math.floor(rest / 2);
  }
  return levels.reverse();
}

/** For each k the hash of the frontier's subtrees from the k-th on; the first is the root. */
function foldEdge(hash: Hash, frontier: readonly Uint8Array[]): Uint8Array[] {
  const edges: Uint8Array[] = [];
  let edge: Uint8Array | undefined;
  for (const node of frontier.toReversed()) {
    edge = edge === undefined ? node : hashChildren(hash, node, edge);
    edges.push(edge);
  }
  return edges.reverse();
}

function checkTree(tree: Tree): void {
  checkSize(tree.size);
  if (frontierLevels(tree.size).length !== tree.frontier.length) {
    const found = tree.frontier.length;
    throw new LedgerError('size-invalid', `a tree of ${tree.size} leaves has no frontier of ${found} hashes`);
  }
  for (const node of tree.frontier) checkHash(node, 'frontier hash');
}
