import { hash as cryptoHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Hash } from './hash.ts';
import { type InclusionClaim, verifyInclusion } from './inclusion.ts';
import { inclusionChecker } from './inclusion-checker.ts';
import { LedgerError } from './ledger-error.ts';
import { append, emptyTree } from './tree.ts';

const sha256: Hash = (data) => cryptoHash('sha256', data, 'buffer');

interface Grown {
  readonly size: number;
  readonly root: Uint8Array;
  readonly claims: readonly InclusionClaim[];
}

function grow(size: number): Grown {
  const leaves = Array.from({ length: size }, (_, i) => sha256(Uint8Array.of(i & 255, i >> 8)));
  const { root, prove } = append(sha256, emptyTree, leaves);
  const claims = leaves.map((leafHash, index) => ({ index, size, leafHash, proof: prove(index), root }));
  return { size, root, claims };
}

/** The code of the refusal, or null. */
function refusal(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
}

/** What may be done to a proof on its way. */
type Change = (claim: InclusionClaim) => InclusionClaim;

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const other = new Uint8Array(bytes);
  const at = Math.floor(bit / 8) % other.length;
  other[at] = (other[at] ?? 0) ^ (1 << (bit % 8));
  return other;
}

const changes: fc.Arbitrary<Change> = fc.oneof(
  { arbitrary: fc.constant<Change>((claim) => claim), weight: 4 },
  fc.nat(255).map<Change>((bit) => (claim) => ({ ...claim, leafHash: flipped(claim.leafHash, bit) })),
  fc.tuple(fc.nat(20), fc.nat(255)).map<Change>(([at, bit]) => (claim) => ({
    ...claim,
    proof: claim.proof.map((node, i) => (i === at % claim.proof.length ? flipped(node, bit) : node)),
  })),
  fc.constant<Change>((claim) => ({ ...claim, proof: claim.proof.slice(0, -1) })),
  fc.constant<Change>((claim) => ({ ...claim, proof: [...claim.proof, claim.leafHash] })),
  fc.constant<Change>((claim) => ({
    ...claim,
    proof: [claim.leafHash.subarray(1), ...claim.proof.slice(1)],
  })),
  fc.constant<Change>((claim) => ({ ...claim, proof: claim.proof.toReversed() })),
  fc.integer({ min: -2, max: 200 }).map<Change>((index) => (claim) => ({ ...claim, index })),
);

describe('inclusionChecker', () => {
  test('every leaf of every tree up to 130 is proven, in whatever order', () => {
    for (let size = 1; size <= 130; size++) {
      const { root, claims } = grow(size);
      const check = inclusionChecker(sha256, { size, root });
      for (const claim of [...claims.toReversed(), ...claims]) expect(refusal(() => check(claim))).toBeNull();
    }
  });

  test('it accepts and refuses what verifyInclusion does, whatever it has seen before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 130 }),
        fc.array(fc.tuple(fc.nat(), changes), { minLength: 1, maxLength: 40 }),
        (size, asked) => {
          const { root, claims } = grow(size);
          const check = inclusionChecker(sha256, { size, root });
          for (const [at, change] of asked) {
            const good = claims[at % size];
            if (good === undefined) continue;
            const claim = change(good);
            expect(refusal(() => check(claim))).toBe(refusal(() => verifyInclusion(sha256, claim)));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('what paths have in common is hashed once', () => {
    const { size, root, claims } = grow(64);
    let hashes = 0;
    const counting: Hash = (data) => {
      hashes += 1;
      return sha256(data);
    };
    const check = inclusionChecker(counting, { size, root });
    for (const claim of claims) check(claim);
    expect(hashes).toBe(63);
  });
});
