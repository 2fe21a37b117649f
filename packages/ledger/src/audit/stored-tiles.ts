import { equalBytes } from '../bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { HASH_SIZE, type Hash } from '../hash.ts';
import { encodeHex } from '../hex.ts';
import { LedgerError } from '../ledger-error.ts';
import { type ReadTile, readNodeFromTiles } from '../tile.ts';
import { TILE_WIDTH, tilePath } from '../tile-path.ts';
import { rootOf, treeAt } from '../tree.ts';
import type { Report } from './finding.ts';

const TILE_HEIGHT = 8;
const TILE_SIZE = TILE_WIDTH * HASH_SIZE;

interface Difference {
  readonly tileLevel: number;
  /** Of the hash, counted over its level. */
  readonly index: number;
}

/**
 * Compares the hashes rebuilt from entries with those stored in tiles, and says where they part first: with
 * the checkpoint as judge, whether the entry or the tile was altered.
 */
export class StoredTiles {
  readonly #hash: Hash;
  readonly #readTile: ReadTile;
  readonly #checkpoint: Checkpoint;
  readonly #report: Report;
  readonly #open = new Map<number, { index: number; bytes: Uint8Array | null }>();
  #first: Difference | null = null;
  #differences = 0;

  constructor(hash: Hash, readTile: ReadTile, checkpoint: Checkpoint, report: Report) {
    this.#hash = hash;
    this.#readTile = readTile;
    this.#checkpoint = checkpoint;
    this.#report = report;
  }

  /** Takes one rebuilt node; of the heights that tiles hold, it is compared. */
  compare(height: number, index: number, node: Uint8Array): void {
    if (height % TILE_HEIGHT !== 0 || (index + 1) * 2 ** height > this.#checkpoint.size) return;
    const tileLevel = height / TILE_HEIGHT;
    const tile = this.#tile(tileLevel, Math.floor(index / TILE_WIDTH));
    if (tile === null) return;
    const at = (index % TILE_WIDTH) * HASH_SIZE;
    if (equalBytes(tile.subarray(at, at + HASH_SIZE), node)) return;
    this.#differences += 1;
    if (this.#first === null || tileLevel < this.#first.tileLevel) this.#first = { tileLevel, index };
  }

  /** `rebuilt` is the root from the entries, or null when they were not all there. */
  finish(rebuilt: Uint8Array | null): void {
    const { root, size } = this.#checkpoint;
    const fromTiles = this.#rootFromTiles(size);
    if (fromTiles === null) return;
    const tilesAgree = equalBytes(fromTiles, root);
    if (!tilesAgree) {
      const message = `the stored tiles give the root ${encodeHex(fromTiles)}, the checkpoint says ${encodeHex(root)}`;
      this.#report({ index: null, rule: 'tile-root', message, severity: 'critical' });
    }
    if (this.#first !== null)
      this.#reportFirst(this.#first, tilesAgree, rebuilt !== null && equalBytes(rebuilt, root));
  }

  #reportFirst({ tileLevel, index }: Difference, tilesAgree: boolean, entriesAgree: boolean): void {
    const tile = Math.floor(index / TILE_WIDTH);
    const width = Math.min(
      TILE_WIDTH,
      Math.floor(this.#checkpoint.size / TILE_WIDTH ** tileLevel) - tile * TILE_WIDTH,
    );
    const path = tilePath({ level: tileLevel, index: tile, width });
    const rule = entriesAgree ? 'tile-altered' : tilesAgree ? 'entry-altered' : 'entry-or-tile-altered';
    const fault = entriesAgree
      ? 'the entries give the signed root, so the tile was altered'
      : tilesAgree
        ? 'the tiles give the signed root, so the entry was altered'
        : 'neither gives the signed root';
    const place = `hash ${index % TILE_WIDTH} of \`${path}\``;
    const message = `${place} is not the hash of its entries: ${fault} (${this.#differences} such differences)`;
    this.#report({ index: index * TILE_WIDTH ** tileLevel, rule, message, severity: 'critical' });
  }

  #rootFromTiles(size: number): Uint8Array | null {
    try {
      return rootOf(this.#hash, treeAt(readNodeFromTiles(this.#hash, this.#readTile), size));
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      this.#report({ index: null, rule: 'tile-missing', message: error.message, severity: 'critical' });
      return null;
    }
  }

  #tile(level: number, index: number): Uint8Array | null {
    const open = this.#open.get(level);
    if (open?.index === index) return open.bytes;
    const bytes = this.#wholeTile(level, index);
    this.#open.set(level, { index, bytes });
    return bytes;
  }

  #wholeTile(level: number, index: number): Uint8Array | null {
    const span = TILE_WIDTH ** level;
    const width = Math.min(TILE_WIDTH, Math.floor(this.#checkpoint.size / span) - index * TILE_WIDTH);
    const path = tilePath({ level, index, width });
    const bytes = this.#readTile(level, index);
    const length = bytes?.length ?? 0;
    if (
      bytes !== undefined &&
      length >= width * HASH_SIZE &&
      length <= TILE_SIZE &&
      length % HASH_SIZE === 0
    ) {
      return bytes;
    }
    const found = bytes === undefined ? 'missing' : `${bytes.length} bytes long`;
    const message = `\`${path}\` is ${found}, expected ${width} hashes of 32`;
    this.#report({ index: index * TILE_WIDTH * span, rule: 'tile-missing', message, severity: 'critical' });
    return null;
  }
}
