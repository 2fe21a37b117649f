import {
  append,
  emptyTree,
  formatCheckpoint,
  hashLeaf,
  type ReadTile,
  signNote,
  tileWritesOf,
} from '@writ/ledger';
import { joinHashes, type StoredHead } from '../edge-check.ts';
import { leafOf } from '../entry-leaf.ts';
import { entry, many } from './commits.ts';
import { logOptions, ORIGIN, START, sha256 } from './place.ts';

/** A log of `size` entries as a database keeps it, in plain maps. */
export interface MemoryLog {
  readonly head: StoredHead;
  readonly leaves: readonly Uint8Array[];
  /** by `level/index` */
  readonly tiles: ReadonlyMap<string, Uint8Array>;
  readonly readTile: ReadTile;
}

export function memoryLog(size: number): MemoryLog {
  const leaves = many(size, (n) => leafOf(entry(`${n}`), START + n));
  const { tree, root, nodes } = append(
    sha256,
    emptyTree,
    leaves.map((leaf) => hashLeaf(sha256, leaf)),
  );
  const tiles = new Map(tileWritesOf(nodes).map(({ level, index, hashes }) => [`${level}/${index}`, hashes]));
  const checkpoint = signNote(formatCheckpoint({ origin: ORIGIN, size, root }), [logOptions().signer]);
  const timeMs = size === 0 ? 0 : START + size - 1;
  return {
    head: { size, root, frontier: joinHashes(tree.frontier), checkpoint, timeMs },
    leaves,
    tiles,
    readTile: (level, index) => tiles.get(`${level}/${index}`),
  };
}
