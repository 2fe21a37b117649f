import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DigestIndex } from './digest-index.ts';
import { IndexTable } from './index-table.ts';

const digest = (n: number): Uint8Array => createHash('sha256').update(String(n)).digest();

describe('DigestIndex', () => {
  test('a digest is known under the first index it was added with, through every growth', () => {
    const seen = new DigestIndex();
    for (let i = 0; i < 5000; i++) expect(seen.add(digest(i), i)).toBeNull();
    for (let i = 0; i < 5000; i++) expect(seen.add(digest(i), 9999)).toBe(i);
    expect(seen.add(digest(5000), 0)).toBeNull();
  });

  test('looking for a digest does not make it known', () => {
    const seen = new DigestIndex();
    expect(seen.find(digest(1))).toBeNull();
    expect(seen.add(digest(1), 7)).toBeNull();
    for (let i = 2; i < 5000; i++) {
      expect(seen.find(digest(i))).toBeNull();
      seen.add(digest(i), i);
    }
    expect([seen.find(digest(1)), seen.find(digest(4999))]).toEqual([7, 4999]);
  });

  test('digests that would lie in one place are kept apart', () => {
    const seen = new DigestIndex();
    const crowd = Array.from({ length: 700 }, (_, i) => {
      const bytes = new Uint8Array(32);
      new DataView(bytes.buffer).setUint32(12, i + 1);
      return bytes;
    });
    for (const [i, bytes] of crowd.entries()) expect(seen.add(bytes, i)).toBeNull();
    for (const [i, bytes] of crowd.entries()) expect(seen.add(bytes, 9999)).toBe(i);
  });

  test('each of the first 128 bits tells two digests apart', () => {
    const seen = new DigestIndex();
    seen.add(digest(1), 1);
    for (let bit = 0; bit < 128; bit++) {
      const other = Uint8Array.from(digest(1));
      other[bit >> 3] = other[bit >> 3]! ^ (1 << (bit & 7));
      expect(seen.add(other, 2 + bit)).toBeNull();
    }
    expect(seen.add(digest(1), 999)).toBe(1);
  });

  test('a digest that is a view into other memory is read where it is', () => {
    const seen = new DigestIndex();
    const padded = Buffer.concat([Buffer.alloc(7, 1), digest(4), Buffer.alloc(3)]);
    seen.add(digest(4), 4);
    expect(seen.add(padded.subarray(7, 39), 5)).toBe(4);
  });

  test('it behaves as a Map of the same digests', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 300 }), { maxLength: 600 }), (numbers) => {
        const seen = new DigestIndex();
        const model = new Map<number, number>();
        for (const [index, n] of numbers.entries()) {
          expect(seen.add(digest(n), index)).toBe(model.get(n) ?? null);
          if (!model.has(n)) model.set(n, index);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('IndexTable', () => {
  test('what was never set is 0, near or far', () => {
    const table = new IndexTable();
    for (const index of [0, 1023, 1024, 1_000_000]) expect(table.get(index)).toBe(0);
  });

  test('what was set stays through growth, and numbers up to 2^53 are kept whole', () => {
    const table = new IndexTable();
    table.set(3, Number.MAX_SAFE_INTEGER);
    table.set(1024, 1);
    table.set(50_000, 2);
    expect([3, 4, 1024, 50_000, 50_001].map((index) => table.get(index))).toEqual([
      Number.MAX_SAFE_INTEGER,
      0,
      1,
      2,
      0,
    ]);
  });
});
