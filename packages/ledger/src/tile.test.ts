import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  append,
  emptyTree,
  entryBundle,
  type Hash,
  hashLeaf,
  LedgerError,
  parseEntryBundle,
  parseTilePath,
  proveConsistency,
  proveInclusion,
  readNodeFromTiles,
  rootOf,
  type Tree,
  tilePath,
  tileWritesOf,
  treeAt,
  verifyInclusion,
} from './index.ts';

const hash: Hash = (data) => createHash('sha256').update(data).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof LedgerError ? error.code : String(error);
  }
  return 'accepted';
}

/** Keeps tiles as a store would: each write must continue its tile exactly. */
class TileStore {
  readonly tiles = new Map<string, Uint8Array>();
  tree: Tree = emptyTree;

  append(leafHashes: readonly Uint8Array[]): Uint8Array {
    const { tree, nodes, root } = append(hash, this.tree, leafHashes);
    for (const { level, index, offset, hashes } of tileWritesOf(nodes)) {
      const before = this.tiles.get(`${level}/${index}`) ?? new Uint8Array(0);
      if (before.length !== offset * 32) throw new Error(`a write does not continue tile ${level}/${index}`);
      this.tiles.set(`${level}/${index}`, Buffer.concat([before, hashes]));
    }
    this.tree = tree;
    return root;
  }

  readonly read = (level: number, index: number): Uint8Array | undefined =>
    this.tiles.get(`${level}/${index}`);
}

const leaves = (from: number, to: number): Uint8Array[] =>
  Array.from({ length: to - from }, (_, i) => hashLeaf(hash, Buffer.from(`leaf ${from + i}`)));

describe('tilePath', () => {
  test.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 0, width: 1 }, 'tile/0/000.p/1'],
    [{ level: 1, index: 1234067, width: 256 }, 'tile/1/x001/x234/067'],
    [{ level: 63, index: 999, width: 255 }, 'tile/63/999.p/255'],
    [{ level: 2, index: 1000, width: 256 }, 'tile/2/x001/000'],
    [{ level: 'entries', index: 1234067, width: 8 }, 'tile/entries/x001/x234/067.p/8'],
  ] as const)('%j is %s', (address, path) => {
    expect(tilePath(address)).toBe(path);
    expect(parseTilePath(path)).toEqual(address);
  });

  test('every address reads back', () => {
    const level = fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const));
    const address = fc.record({ level, index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) });
    fc.assert(
      fc.property(address, (one) => {
        expect(parseTilePath(tilePath(one))).toEqual(one);
      }),
    );
  });

  test.each([
    '',
    'tile',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/-01',
    'tile/0/x000/000',
    'tile/0/001/000',
    'tile/0/x001/x000',
    'tile/0/X001/000',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/../000',
    'tile/0/000\n',
    'tile/data/000',
    'tile/0/x999/x999/x999/x999/x999/999',
  ])('F7 %j is not a tile path', (path) => {
    expect(code(() => parseTilePath(path))).toBe('tile-path-malformed');
  });

  test('addresses of no tile have no path', () => {
    const good = { level: 0, index: 0, width: 256 };
    for (const bad of [
      { ...good, level: -1 },
      { ...good, level: 64 },
      { ...good, level: 0.5 },
      { ...good, index: -1 },
      { ...good, index: 2 ** 53 },
      { ...good, width: 0 },
      { ...good, width: 257 },
      { ...good, width: Number.NaN },
    ]) {
      expect(code(() => tilePath(bad))).toBe('tile-path-malformed');
    }
  });
});

describe('tileWritesOf', () => {
  test('the tiles of 70,000 leaves are those the specification counts', () => {
    const store = new TileStore();
    const leaf = leaves(0, 1)[0]!;
    for (let at = 0; at < 70_000; at += 1000) store.append(Array.from({ length: 1000 }, () => leaf));
    const widths = new Map<number, number[]>();
    for (const [key, bytes] of store.tiles) {
      const level = Number(key.split('/')[0]);
      widths.set(level, [...(widths.get(level) ?? []), bytes.length / 32]);
    }
    expect(widths.get(0)).toEqual([...Array.from({ length: 273 }, () => 256), 112]);
    expect(widths.get(1)).toEqual([256, 17]);
    expect(widths.get(2)).toEqual([1]);
    expect([...widths.keys()].toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
  });

  test('a tree of 256 has a full tile and one hash above it', () => {
    const store = new TileStore();
    store.append(leaves(0, 256));
    expect([...store.tiles].map(([key, bytes]) => [key, bytes.length])).toEqual([
      ['0/0', 8192],
      ['1/0', 32],
    ]);
  });

  test('any batching writes the same tiles, and from them the tree is read back', () => {
    const whole = new TileStore();
    const root = whole.append(leaves(0, 700));
    const batches = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(batches, (sizes) => {
        const store = new TileStore();
        let at = 0;
        for (const size of [...sizes, 700]) {
          const to = Math.min(700, at + size);
          store.append(leaves(at, to));
          at = to;
        }
        expect([...store.tiles.keys()].sort()).toEqual([...whole.tiles.keys()].sort());
        for (const [key, bytes] of store.tiles) expect(hex(bytes)).toBe(hex(whole.tiles.get(key)!));
        const tree = treeAt(readNodeFromTiles(hash, store.read), 700);
        expect(hex(rootOf(hash, tree))).toBe(hex(root));
      }),
      { numRuns: 15 },
    );
  });

  test('nothing appended writes nothing', () => {
    expect(tileWritesOf([])).toEqual([]);
  });
});

describe('readNodeFromTiles', () => {
  const store = new TileStore();
  const SIZE = 66_000;
  for (let at = 0; at < SIZE; at += 6000) store.append(leaves(at, Math.min(SIZE, at + 6000)));
  const root = rootOf(hash, store.tree);

  test('proofs from tiles of three levels hold', () => {
    const readNode = readNodeFromTiles(hash, store.read);
    for (const index of [0, 1, 255, 256, 4095, 32_767, 65_535, 65_536, 65_791, 65_792, SIZE - 1]) {
      const proof = proveInclusion(hash, readNode, index, SIZE);
      verifyInclusion(hash, { index, size: SIZE, leafHash: leaves(index, index + 1)[0]!, proof, root });
    }
    expect(proveConsistency(hash, readNode, 65_536, SIZE).length).toBeGreaterThan(0);
  });

  test('a tile is read once for one reader, however many nodes it gives', () => {
    let reads = 0;
    const readNode = readNodeFromTiles(hash, (level, index) => {
      reads += 1;
      return store.read(level, index);
    });
    for (let index = 0; index < 128; index++) readNode(1, index);
    readNode(7, 1);
    expect(reads).toBe(1);
  });

  test('a tile that has grown since is read again', () => {
    const growing = new TileStore();
    growing.append(leaves(0, 3));
    const readNode = readNodeFromTiles(hash, growing.read);
    readNode(1, 0);
    growing.append(leaves(3, 6));
    expect(hex(readNode(0, 5))).toBe(hex(leaves(5, 6)[0]!));
  });

  test('it reads any number of tiles without keeping them all', () => {
    const readNode = readNodeFromTiles(hash, store.read);
    for (let index = 0; index < 250; index++) {
      expect(hex(readNode(0, index * 256))).toBe(hex(leaves(index * 256, index * 256 + 1)[0]!));
    }
  });

  test('tiles that are missing, too narrow or cut are refused', () => {
    expect(code(() => readNodeFromTiles(hash, () => undefined)(0, 0))).toBe('node-missing');
    expect(code(() => readNodeFromTiles(hash, () => new Uint8Array(64))(0, 2))).toBe('node-missing');
    expect(code(() => readNodeFromTiles(hash, () => new Uint8Array(64))(2, 0))).toBe('node-missing');
    for (const length of [0, 31, 33, 8191, 8193, 8224]) {
      expect(code(() => readNodeFromTiles(hash, () => new Uint8Array(length))(0, 0))).toBe('tile-malformed');
    }
  });
});

describe('entryBundle', () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 256 });

  test('every bundle reads back', () => {
    fc.assert(
      fc.property(entries, (list) => {
        expect(parseEntryBundle(entryBundle(list)).map(hex)).toEqual(list.map(hex));
      }),
    );
  });

  test('its bytes are lengths of 16 bits, big-endian, and entries', () => {
    expect(hex(entryBundle([Buffer.from('ab'), new Uint8Array(0), Buffer.alloc(258, 7)]))).toBe(
      `0002616200000102${'07'.repeat(258)}`,
    );
  });

  test('a bundle cut anywhere inside an entry is refused', () => {
    const bundle = entryBundle([Buffer.from('abc'), Buffer.from('de')]);
    const whole = new Set([5, bundle.length]);
    for (let length = 0; length <= bundle.length; length++) {
      const cut = bundle.subarray(0, length);
      expect(code(() => parseEntryBundle(cut))).toBe(whole.has(length) ? 'accepted' : 'bundle-malformed');
    }
  });

  test('too many entries, none, and one too long are refused', () => {
    expect(code(() => entryBundle([]))).toBe('bundle-malformed');
    expect(code(() => entryBundle([new Uint8Array(65_536)]))).toBe('bundle-malformed');
    expect(entryBundle([new Uint8Array(65_535)])).toHaveLength(65_537);
    const many = Array.from({ length: 257 }, () => new Uint8Array(0));
    expect(code(() => entryBundle(many))).toBe('bundle-malformed');
    expect(code(() => parseEntryBundle(new Uint8Array(2 * 257)))).toBe('bundle-malformed');
  });
});
