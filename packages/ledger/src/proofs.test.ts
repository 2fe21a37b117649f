import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  append,
  emptyRoot,
  emptyTree,
  type Hash,
  hashLeaf,
  LedgerError,
  proveConsistency,
  proveInclusion,
  verifyConsistency,
  verifyInclusion,
} from './index.ts';

const hash: Hash = (data) => createHash('sha256').update(data).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const MAX = 70;
const leafHashes = Array.from({ length: MAX }, (_, i) => hashLeaf(hash, Buffer.from(`leaf ${i}`)));

/** RFC 6962 §2.1, §2.1.1 and §2.1.2 as they are written. */
const naive = {
  split(n: number): number {
    let half = 1;
    while (half * 2 < n) half *= 2;
    return half;
  },
  root(leaves: readonly Uint8Array[]): Uint8Array {
    if (leaves.length <= 1) return leaves[0] ?? createHash('sha256').digest();
    const half = naive.split(leaves.length);
    const children = [naive.root(leaves.slice(0, half)), naive.root(leaves.slice(half))];
    return createHash('sha256')
      .update(Buffer.concat([Buffer.of(1), ...children]))
      .digest();
  },
  path(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
    if (leaves.length === 1) return [];
    const half = naive.split(leaves.length);
    const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
    return index < half
      ? [...naive.path(index, left), naive.root(right)]
      : [...naive.path(index - half, right), naive.root(left)];
  },
  subproof(m: number, leaves: readonly Uint8Array[], whole: boolean): Uint8Array[] {
    if (m === leaves.length) return whole ? [] : [naive.root(leaves)];
    const half = naive.split(leaves.length);
    const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
    return m <= half
      ? [...naive.subproof(m, left, whole), naive.root(right)]
      : [...naive.subproof(m - half, right, false), naive.root(left)];
  },
};

const nodes = new Map(
  append(hash, emptyTree, leafHashes).nodes.map((node) => [`${node.level}/${node.index}`, node.hash]),
);
const readNode = (level: number, index: number): Uint8Array => {
  const node = nodes.get(`${level}/${index}`);
  if (node === undefined) throw new Error(`node ${level}/${index} is not perfect, it must not be asked for`);
  return node;
};
const roots = Array.from({ length: MAX + 1 }, (_, n) => naive.root(leafHashes.slice(0, n)));

function code(run: () => void): string {
  try {
    run();
  } catch (error) {
    return error instanceof LedgerError ? error.code : String(error);
  }
  return 'accepted';
}

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const out = Uint8Array.from(bytes);
  out[bit >> 3] = out[bit >> 3]! ^ (1 << (bit & 7));
  return out;
}

const badSizes = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];

describe('inclusion', () => {
  test('all 2,485 proofs up to 70 leaves are those of the definition and hold', () => {
    let count = 0;
    for (let size = 1; size <= MAX; size++) {
      for (let index = 0; index < size; index++) {
        const proof = proveInclusion(hash, readNode, index, size);
        expect(proof.map(hex)).toEqual(naive.path(index, leafHashes.slice(0, size)).map(hex));
        verifyInclusion(hash, { index, size, leafHash: leafHashes[index]!, proof, root: roots[size]! });
        count += 1;
      }
    }
    expect(count).toBe(2485);
  });

  test('L3 a proof holds for its own index and size only', () => {
    for (let size = 1; size <= 20; size++) {
      for (let index = 0; index < size; index++) {
        const proof = proveInclusion(hash, readNode, index, size);
        const leafHash = leafHashes[index]!;
        for (let other = 0; other < size; other++) {
          if (other === index) continue;
          const claim = { index: other, size, leafHash, proof, root: roots[size]! };
          expect(code(() => verifyInclusion(hash, claim))).not.toBe('accepted');
        }
      }
    }
  });

  test('any changed bit, and any hash more, less or in another place, is refused', () => {
    const arbitrary = fc.integer({ min: 2, max: MAX }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        index: fc.nat({ max: size - 1 }),
        bit: fc.nat({ max: 255 }),
        at: fc.nat(),
      }),
    );
    fc.assert(
      fc.property(arbitrary, ({ size, index, bit, at }) => {
        const proof = proveInclusion(hash, readNode, index, size);
        const claim = { index, size, leafHash: leafHashes[index]!, proof, root: roots[size]! };
        const k = at % proof.length;
        const bad = [
          { ...claim, root: flip(claim.root, bit) },
          { ...claim, leafHash: flip(claim.leafHash, bit) },
          { ...claim, proof: proof.with(k, flip(proof[k]!, bit)) },
          { ...claim, proof: proof.toSpliced(k, 1) },
          { ...claim, proof: proof.toSpliced(k, 0, proof[k]!) },
          { ...claim, proof: [...proof, claim.root] },
          { ...claim, proof: [] },
        ];
        for (const one of bad) expect(code(() => verifyInclusion(hash, one))).not.toBe('accepted');
      }),
    );
  });

  test('hashes that are not of 32 bytes are refused wherever they stand', () => {
    const proof = proveInclusion(hash, readNode, 1, 5);
    const claim = { index: 1, size: 5, leafHash: leafHashes[1]!, proof, root: roots[5]! };
    const short = new Uint8Array(31);
    for (const bad of [
      { ...claim, root: short },
      { ...claim, leafHash: short },
      { ...claim, proof: proof.with(0, short) },
    ]) {
      expect(code(() => verifyInclusion(hash, bad))).toBe('hash-invalid');
    }
  });

  test('sizes and indexes that are none are refused, by prover and verifier', () => {
    const claim = { index: 0, size: 1, leafHash: leafHashes[0]!, proof: [], root: leafHashes[0]! };
    verifyInclusion(hash, claim);
    for (const size of badSizes) {
      expect(code(() => verifyInclusion(hash, { ...claim, size }))).toBe('size-invalid');
      expect(code(() => proveInclusion(hash, readNode, 0, size))).toBe('size-invalid');
    }
    for (const index of [...badSizes, 1, 2]) {
      expect(code(() => verifyInclusion(hash, { ...claim, index }))).toBe('index-invalid');
      expect(code(() => proveInclusion(hash, readNode, index, 1))).toBe('index-invalid');
    }
  });

  test('L3 nothing is in the empty tree', () => {
    const claim = { index: 0, size: 0, leafHash: leafHashes[0]!, proof: [], root: emptyRoot(hash) };
    expect(code(() => verifyInclusion(hash, claim))).toBe('index-invalid');
  });

  test('indexes above 2^32 are verified, not wrapped around', () => {
    const size = 2 ** 45;
    const proof = Array.from({ length: 45 }, (_, i) => leafHashes[i]!);
    let root = leafHashes[45]!;
    let at = 2 ** 44 + 5;
    for (const sibling of proof) {
      const pair = at % 2 === 1 ? [sibling, root] : [root, sibling];
      root = hash(Buffer.concat([Buffer.of(1), ...pair]));
      at = Math.floor(at / 2);
    }
    const claim = { index: 2 ** 44 + 5, size, leafHash: leafHashes[45]!, proof, root };
    verifyInclusion(hash, claim);
    expect(code(() => verifyInclusion(hash, { ...claim, index: 5 }))).toBe('root-mismatch');
    expect(code(() => verifyInclusion(hash, { ...claim, size: 2 ** 46 }))).toBe('proof-invalid');
  });
});

describe('consistency', () => {
  test('all 2,485 proofs up to 70 leaves are those of the definition and hold', () => {
    let count = 0;
    for (let size2 = 1; size2 <= MAX; size2++) {
      for (let size1 = 1; size1 <= size2; size1++) {
        const proof = proveConsistency(hash, readNode, size1, size2);
        expect(proof.map(hex)).toEqual(naive.subproof(size1, leafHashes.slice(0, size2), true).map(hex));
        verifyConsistency(hash, { size1, size2, root1: roots[size1]!, root2: roots[size2]!, proof });
        count += 1;
      }
    }
    expect(count).toBe(2485);
  });

  test('L2 another tree of any size is never consistent with this one', () => {
    const other = leafHashes.with(3, leafHashes[4]!);
    for (let size2 = 5; size2 <= 30; size2++) {
      for (let size1 = 4; size1 <= size2; size1++) {
        const proof = proveConsistency(hash, readNode, size1, size2);
        const forked = naive.root(other.slice(0, size1));
        const claim = { size1, size2, root1: forked, root2: roots[size2]!, proof };
        expect(code(() => verifyConsistency(hash, claim))).toBe('root-mismatch');
        const theirs = naive.subproof(size1, other.slice(0, size2), true);
        const root2 = naive.root(other.slice(0, size2));
        for (const one of [proof, theirs]) {
          const ours = { size1, size2, root1: roots[size1]!, root2, proof: one };
          expect(code(() => verifyConsistency(hash, ours))).toBe('root-mismatch');
        }
      }
    }
  });

  test('any changed bit, and any hash more, less or in another place, is refused', () => {
    const arbitrary = fc.integer({ min: 2, max: MAX }).chain((size2) =>
      fc.record({
        size2: fc.constant(size2),
        size1: fc.integer({ min: 1, max: size2 - 1 }),
        bit: fc.nat({ max: 255 }),
        at: fc.nat(),
      }),
    );
    fc.assert(
      fc.property(arbitrary, ({ size1, size2, bit, at }) => {
        const proof = proveConsistency(hash, readNode, size1, size2);
        const claim = { size1, size2, root1: roots[size1]!, root2: roots[size2]!, proof };
        const k = at % proof.length;
        const bad = [
          { ...claim, root1: flip(claim.root1, bit) },
          { ...claim, root2: flip(claim.root2, bit) },
          { ...claim, proof: proof.with(k, flip(proof[k]!, bit)) },
          { ...claim, proof: proof.toSpliced(k, 1) },
          { ...claim, proof: [...proof, claim.root2] },
          { ...claim, proof: [] },
        ];
        for (const one of bad) expect(code(() => verifyConsistency(hash, one))).not.toBe('accepted');
      }),
    );
  });

  test('L3 an empty first tree proves nothing and is refused', () => {
    for (const size2 of [0, 1, 5]) {
      const claim = { size1: 0, size2, root1: roots[0]!, root2: roots[size2]!, proof: [] };
      expect(code(() => verifyConsistency(hash, claim))).toBe('size-invalid');
      expect(code(() => proveConsistency(hash, readNode, 0, size2))).toBe('size-invalid');
    }
  });

  test('L2 a tree never shrinks', () => {
    const claim = { size1: 6, size2: 5, root1: roots[6]!, root2: roots[5]!, proof: [] };
    expect(code(() => verifyConsistency(hash, claim))).toBe('size-invalid');
    expect(code(() => proveConsistency(hash, readNode, 6, 5))).toBe('size-invalid');
  });

  test('L3 equal sizes need equal roots and an empty proof', () => {
    const claim = { size1: 5, size2: 5, root1: roots[5]!, root2: roots[5]!, proof: [] };
    verifyConsistency(hash, claim);
    expect(code(() => verifyConsistency(hash, { ...claim, root2: roots[4]! }))).toBe('root-mismatch');
    expect(code(() => verifyConsistency(hash, { ...claim, proof: [roots[5]!] }))).toBe('proof-invalid');
  });

  test('sizes that are none, and hashes that are not of 32 bytes, are refused', () => {
    const proof = proveConsistency(hash, readNode, 3, 7);
    const claim = { size1: 3, size2: 7, root1: roots[3]!, root2: roots[7]!, proof };
    for (const size of badSizes) {
      expect(code(() => verifyConsistency(hash, { ...claim, size1: size }))).toBe('size-invalid');
      expect(code(() => verifyConsistency(hash, { ...claim, size2: size }))).toBe('size-invalid');
    }
    const long = new Uint8Array(33);
    for (const bad of [
      { ...claim, root1: long },
      { ...claim, root2: long },
      { ...claim, proof: proof.with(1, long) },
      { ...claim, proof: proof.with(0, long) },
    ]) {
      expect(code(() => verifyConsistency(hash, bad))).toBe('hash-invalid');
    }
  });
});
