import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  append,
  emptyRoot,
  emptyTree,
  type Hash,
  hashChildren,
  hashLeaf,
  LedgerError,
  proveInclusion,
  rootOf,
  type Tree,
  treeAt,
  verifyInclusion,
} from './index.ts';

const hash: Hash = (data) => createHash('sha256').update(data).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const leafHashes = Array.from({ length: 300 }, (_, i) => hashLeaf(hash, Buffer.from(`leaf ${i}`)));

/** RFC 6962 §2.1 as it is written, by recursion over ranges. */
function naiveRoot(from: number, to: number): Uint8Array {
  if (to === from) return createHash('sha256').digest();
  if (to - from === 1) return leafHashes[from]!;
  let half = 1;
  while (half * 2 < to - from) half *= 2;
  return createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), naiveRoot(from, from + half), naiveRoot(from + half, to)]))
    .digest();
}

function grow(sizes: readonly number[]): { tree: Tree; nodes: Map<string, Uint8Array> } {
  let tree = emptyTree;
  const nodes = new Map<string, Uint8Array>();
  for (const size of sizes) {
    const appended = append(hash, tree, leafHashes.slice(tree.size, tree.size + size));
    for (const node of appended.nodes) nodes.set(`${node.level}/${node.index}`, node.hash);
    tree = appended.tree;
  }
  return { tree, nodes };
}

const thrown = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof LedgerError ? error.code : String(error);
  }
  return 'nothing thrown';
};

describe('hashLeaf, hashChildren, emptyRoot', () => {
  // RFC 6962 reference values, as published with its first implementation.
  test('L3 the empty tree, the empty leaf and an inner node hash to the published values', () => {
    expect(hex(emptyRoot(hash))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(hashLeaf(hash, new Uint8Array(0)))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    expect(hex(hashLeaf(hash, Buffer.from('L123456')))).toBe(
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    );
    const plain = (text: string): Buffer => createHash('sha256').update(text).digest();
    const expected = createHash('sha256').update(Buffer.concat([Buffer.of(1), plain('N123'), plain('N456')]));
    expect(hex(hashChildren(hash, plain('N123'), plain('N456')))).toBe(expected.digest('hex'));
  });

  test('L3 a leaf whose bytes look like an inner node does not hash like one', () => {
    const [a, b] = [leafHashes[0]!, leafHashes[1]!];
    expect(hex(hashLeaf(hash, Buffer.concat([a, b])))).not.toBe(hex(hashChildren(hash, a, b)));
    expect(hex(hashLeaf(hash, Buffer.concat([Buffer.of(1), a, b])))).not.toBe(hex(hashChildren(hash, a, b)));
  });

  test('hashing one pair leaves an earlier result as it was', () => {
    const first = hashChildren(hash, leafHashes[0]!, leafHashes[1]!);
    const before = hex(first);
    hashChildren(hash, leafHashes[2]!, leafHashes[3]!);
    expect(hex(first)).toBe(before);
  });
});

describe('append', () => {
  test('roots of the eight published leaves are the published roots', () => {
    const data = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    const roots = [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ];
    let tree = emptyTree;
    for (const [i, leaf] of data.entries()) {
      const appended = append(hash, tree, [hashLeaf(hash, Buffer.from(leaf, 'hex'))]);
      expect(hex(appended.root)).toBe(roots[i]);
      tree = appended.tree;
    }
  });

  test('every tree up to 70 leaves has the root of the recursive definition, however it is batched', () => {
    for (let n = 0; n <= 70; n++) {
      const expected = hex(naiveRoot(0, n));
      expect(hex(rootOf(hash, grow([n]).tree))).toBe(expected);
      expect(hex(rootOf(hash, grow(Array.from({ length: n }, () => 1)).tree))).toBe(expected);
      expect(hex(rootOf(hash, grow([Math.floor(n / 3), n - Math.floor(n / 3)]).tree))).toBe(expected);
    }
  });

  test('any batching gives the same tree, root and nodes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 7 }), (batches) => {
        const size = batches.reduce((sum, batch) => sum + batch, 0);
        const [whole, parts] = [grow([size]), grow(batches)];
        expect(parts.tree.frontier.map(hex)).toEqual(whole.tree.frontier.map(hex));
        expect([...parts.nodes.keys()].sort()).toEqual([...whole.nodes.keys()].sort());
        expect(hex(rootOf(hash, parts.tree))).toBe(hex(naiveRoot(0, size)));
      }),
      { numRuns: 60 },
    );
  });

  test('it names every perfect subtree once, with the hash of its range', () => {
    const { nodes } = grow([3, 1, 13, 40, 43]);
    let expected = 0;
    for (let width = 1; width <= 100; width *= 2) expected += Math.floor(100 / width);
    expect(nodes.size).toBe(expected);
    for (const [key, node] of nodes) {
      const [level, index] = key.split('/').map(Number);
      expect(hex(node)).toBe(hex(naiveRoot(index! * 2 ** level!, (index! + 1) * 2 ** level!)));
    }
  });

  test('nodes of one level come by ascending index without gaps', () => {
    const { tree } = grow([37]);
    const { nodes } = append(hash, tree, leafHashes.slice(37, 100));
    const indexes = new Map<number, number[]>();
    for (const { level, index } of nodes) indexes.set(level, [...(indexes.get(level) ?? []), index]);
    expect([...indexes.keys()]).toEqual([0, 1, 2, 3, 4, 5, 6].filter((level) => indexes.has(level)));
    for (const [level, list] of indexes) {
      const first = Math.floor(37 / 2 ** level);
      expect(list).toEqual(Array.from({ length: Math.floor(100 / 2 ** level) - first }, (_, i) => first + i));
    }
  });

  test('its proofs are those of the stored nodes, for every old and new size up to 40', () => {
    for (let old = 0; old < 40; old++) {
      for (let size = old + 1; size <= 40; size++) {
        const { tree, nodes } = grow([old]);
        const appended = append(hash, tree, leafHashes.slice(old, size));
        for (const node of appended.nodes) nodes.set(`${node.level}/${node.index}`, node.hash);
        const readNode = (level: number, index: number): Uint8Array => nodes.get(`${level}/${index}`)!;
        for (let index = old; index < size; index++) {
          const proof = appended.prove(index);
          expect(proof.map(hex)).toEqual(proveInclusion(hash, readNode, index, size).map(hex));
          verifyInclusion(hash, { index, size, leafHash: leafHashes[index]!, proof, root: appended.root });
        }
      }
    }
  });

  test('the old tree stays as it was, so that a failed commit can be tried again', () => {
    const { tree } = grow([21]);
    const before = tree.frontier.map(hex);
    const once = append(hash, tree, leafHashes.slice(21, 60));
    const again = append(hash, tree, leafHashes.slice(21, 60));
    expect(tree.size).toBe(21);
    expect(tree.frontier.map(hex)).toEqual(before);
    expect(hex(again.root)).toBe(hex(once.root));
  });

  test('appending nothing changes nothing', () => {
    const { tree } = grow([5]);
    const appended = append(hash, tree, []);
    expect(appended.nodes).toEqual([]);
    expect(appended.tree).toEqual(tree);
    expect(thrown(() => appended.prove(4))).toBe('index-invalid');
  });

  test('a proof is refused for a leaf that is not of the batch', () => {
    const appended = append(hash, grow([9]).tree, leafHashes.slice(9, 12));
    for (const index of [-1, 0, 8, 12, 1.5, Number.NaN, 2 ** 53]) {
      expect(thrown(() => appended.prove(index))).toBe('index-invalid');
    }
  });

  test('leaf hashes of another length are refused', () => {
    for (const length of [0, 31, 33, 64]) {
      expect(thrown(() => append(hash, emptyTree, [new Uint8Array(length)]))).toBe('hash-invalid');
    }
  });

  test('a tree whose frontier does not belong to its size is refused', () => {
    const { frontier } = grow([6]).tree;
    for (const size of [5.5, -1, Number.NaN, 2 ** 53, 7, 4, 0]) {
      expect(thrown(() => append(hash, { size, frontier }, [leafHashes[0]!]))).toBe('size-invalid');
      expect(thrown(() => rootOf(hash, { size, frontier }))).toBe('size-invalid');
    }
    const short = [new Uint8Array(31), frontier[1]!];
    expect(thrown(() => append(hash, { size: 6, frontier: short }, []))).toBe('hash-invalid');
  });

  test('the largest tree takes no further leaf', () => {
    const frontier = Array.from({ length: 53 }, () => leafHashes[0]!);
    const largest = { size: Number.MAX_SAFE_INTEGER, frontier };
    expect(rootOf(hash, largest)).toHaveLength(32);
    expect(thrown(() => append(hash, largest, [leafHashes[0]!]))).toBe('size-invalid');
  });

  test('sizes above 2^32 keep their nodes apart', () => {
    const size = 2 ** 40 + 2 ** 33 + 3;
    const frontier = [leafHashes[0]!, leafHashes[1]!, leafHashes[2]!, leafHashes[3]!];
    const appended = append(hash, { size, frontier }, [leafHashes[4]!]);
    expect(appended.nodes.map(({ level, index }) => [level, index])).toEqual([
      [0, size],
      [1, (size - 1) / 2],
      [2, (size - 3) / 4],
    ]);
    const proof = appended.prove(size);
    verifyInclusion(hash, {
      index: size,
      size: size + 1,
      leafHash: leafHashes[4]!,
      proof,
      root: appended.root,
    });
  });
});

describe('treeAt', () => {
  test('any earlier tree can be read back from the nodes', () => {
    const { nodes } = grow([70]);
    const readNode = (level: number, index: number): Uint8Array => nodes.get(`${level}/${index}`)!;
    for (let size = 0; size <= 70; size++) {
      expect(treeAt(readNode, size).frontier.map(hex)).toEqual(grow([size]).tree.frontier.map(hex));
    }
    expect(thrown(() => treeAt(readNode, -1))).toBe('size-invalid');
  });
});
