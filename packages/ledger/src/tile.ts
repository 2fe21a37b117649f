import type { ReadNode } from './climb.ts';
import { HASH_SIZE, type Hash } from './hash.ts';
import { hashChildren } from './hash-leaf.ts';
import { LedgerError } from './ledger-error.ts';
import { TILE_WIDTH } from './tile-path.ts';
import type { NewNode } from './tree.ts';

/** Levels of the tree that one tile spans. */
const TILE_HEIGHT = 8;
const MEMO_TILES = 64;

/** Hashes to append to one tile. */
export interface TileWrite {
  readonly level: number;
  readonly index: number;
  /** Place of the first hash in the tile: 0 opens a tile, otherwise so many hashes are already there. */
  readonly offset: number;
  /** One or more hashes of 32 bytes, joined. */
  readonly hashes: Uint8Array;
}

/** Reads a stored tile: its hashes joined (1 to 256, the widest there is), or undefined when there is none. */
export type ReadTile = (level: number, index: number) => Uint8Array | undefined;

/**
 * What an append adds to the tiles: one write per tile touched, by level, then by index. C2SP tlog-tiles.
 *
 * INVARIANT: only nodes whose height is a multiple of 8 are stored; the rest follow from them.
 */
export function tileWritesOf(nodes: readonly NewNode[]): TileWrite[] {
  const runs = new Map<number, NewNode[][]>();
  for (const node of nodes) {
    if (node.level % TILE_HEIGHT !== 0) continue;
    const ofLevel = runs.get(node.level) ?? [];
    runs.set(node.level, ofLevel);
    const run = ofLevel.at(-1);
    if (run === undefined || node.index % TILE_WIDTH === 0) ofLevel.push([node]);
    else run.push(node);
  }
  return [...runs.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([level, ofLevel]) => ofLevel.map((run) => tileWriteOf(level / TILE_HEIGHT, run)));
}

/**
 * A reader of any perfect node, computed from stored tiles. It remembers the tiles it has read (64 of them):
 * make one for one tree size and one task, not for the life of a process.
 *
 * @throws LedgerError (when called) `node-missing` when the tile is not there or too narrow, `tile-malformed`
 */
export function readNodeFromTiles(hash: Hash, readTile: ReadTile): ReadNode {
  const memo = new Map<string, LoadedTile>();
  return (level, index) => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const height = level % TILE_HEIGHT;
    const span = 2 ** height;
    const tileIndex = Math.floor((index * span) / TILE_WIDTH);
    const first = (index * span) % TILE_WIDTH;
    const key = `${tileLevel}/${tileIndex}`;
    let tile = memo.get(key);
    if (tile === undefined || tile.width < first + span) {
      tile = loadTile(readTile(tileLevel, tileIndex), key, first + span);
      if (memo.size >= MEMO_TILES) memo.clear();
      memo.set(key, tile);
    }
    return nodeInTile(hash, tile, height, first / span);
  };
}

interface LoadedTile {
  readonly bytes: Uint8Array;
  readonly width: number;
  /** Inner nodes computed so far; height h, place i is at `2^(8−h) + i`. */
  readonly inner: (Uint8Array | undefined)[];
}

function loadTile(bytes: Uint8Array | undefined, key: string, needed: number): LoadedTile {
  if (bytes === undefined) throw new LedgerError('node-missing', `tile ${key} is missing`);
  const width = checkTile(bytes, key);
  if (width < needed) {
    throw new LedgerError('node-missing', `tile ${key} holds ${width} hashes, ${needed} are needed`);
  }
  return { bytes, width, inner: [] };
}

function checkTile(bytes: Uint8Array, name: string): number {
  const width = bytes.length / HASH_SIZE;
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) {
    throw new LedgerError(
      'tile-malformed',
      `tile ${name} has ${bytes.length} bytes, expected 1 to 256 hashes of 32`,
    );
  }
  return width;
}

function nodeInTile(hash: Hash, tile: LoadedTile, height: number, place: number): Uint8Array {
  if (height === 0) return tile.bytes.subarray(place * HASH_SIZE, (place + 1) * HASH_SIZE);
  const slot = 2 ** (TILE_HEIGHT - height) + place;
  const known = tile.inner[slot];
  if (known !== undefined) return known;
  const left = nodeInTile(hash, tile, height - 1, 2 * place);
  const node = hashChildren(hash, left, nodeInTile(hash, tile, height - 1, 2 * place + 1));
  tile.inner[slot] = node;
  return node;
}

function tileWriteOf(level: number, run: readonly NewNode[]): TileWrite {
  const first = run[0]?.index ?? 0;
  const hashes = new Uint8Array(run.length * HASH_SIZE);
  for (const [i, node] of run.entries()) hashes.set(node.hash, i * HASH_SIZE);
  return { level, index: Math.floor(first / TILE_WIDTH), offset: first % TILE_WIDTH, hashes };
}
