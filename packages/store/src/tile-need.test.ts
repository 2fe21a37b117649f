import {
  append,
  emptyTree,
  proveInclusion,
  type ReadTile,
  readNodeFromTiles,
  rootOf,
  tileWritesOf,
  treeAt,
  verifyInclusion,
} from '@writ/ledger';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { many } from './conformance/commits.ts';
import { sha256 } from './conformance/place.ts';
import { edgeTiles, proofTiles, type TilePlace } from './tile-need.ts';

const SIZE = 66_000;
const hashes = many(SIZE, (n) => sha256(new Uint8Array([n & 255, (n >> 8) & 255, n >> 16])));
const { nodes } = append(sha256, emptyTree, hashes);
const tiles = new Map(tileWritesOf(nodes).map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]));

/** Reads the named tiles and no others. */
function only(places: readonly TilePlace[]): ReadTile {
  const allowed = new Set(places.map(({ level, index }) => `${level}/${index}`));
  return (level, index) => {
    const name = `${level}/${index}`;
    return allowed.has(name) ? tiles.get(name) : undefined;
  };
}

const size = fc.oneof(
  fc.integer({ min: 1, max: SIZE }),
  fc.constantFrom(1, 255, 256, 257, 65_535, 65_536, 65_537),
);

describe('the tiles of a proof', () => {
  test('are enough for every inclusion proof, and name no tile twice', () => {
    fc.assert(
      fc.property(size, fc.nat(), (of, some) => {
        const index = some % of;
        const places = proofTiles(index, of);
        const readNode = readNodeFromTiles(sha256, only(places));
        const proof = proveInclusion(sha256, readNode, index, of);
        const root = rootOf(sha256, treeAt(readNodeFromTiles(sha256, only(edgeTiles(of))), of));
        verifyInclusion(sha256, { index, size: of, leafHash: hashes[index]!, proof, root });
        expect(new Set(places.map(({ level, index: at }) => `${level}/${at}`)).size).toBe(places.length);
      }),
      { numRuns: 40 },
    );
  });

  test('are none for an empty tree', () => {
    expect(edgeTiles(0)).toEqual([]);
  });
});
