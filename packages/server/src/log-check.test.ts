import type { Inclusion } from '@writ/core';
import { decodeLeaf } from '@writ/ledger';
import { createDpopKey, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from './compose.ts';
import { checkStoredLog, createInclusionCheck } from './log-check.ts';

let world: World;
let other: World;
/** Proofs of two issuances of one log, and of one of another. */
let mine: Inclusion;
let second: Inclusion;
let foreign: Inclusion;

beforeAll(async () => {
  world = await startWorld();
  other = await startWorld();
  const issue = async (at: World): Promise<number> =>
    Number((await at.exchange(createDpopKey())).body['writ_index']);
  const indices = [await issue(world), await issue(world)] as const;
  const { read } = world.running.house.store;
  mine = await read.inclusion(indices[0]);
  second = await read.inclusion(indices[1]);
  foreign = await other.running.house.store.read.inclusion(await issue(other));
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

function check(inclusion: Inclusion, tbs: Uint8Array = digestOf(inclusion)): void {
  const { logKey, origin } = world.running.house;
  createInclusionCheck(sha256, logKey.verifier, origin)(tbs, inclusion);
}
function digestOf({ leaf }: Inclusion): Uint8Array {
  return decodeLeaf(leaf).tbs ?? new Uint8Array(32);
}
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
const refusal = { code: 'verification-failed' };

test('law 5 the proof of exactly these bytes lets them be signed', () => {
  expect(() => check(mine)).not.toThrow();
  expect(() => check(second)).not.toThrow();
});

test('law 5 the proof of something else does not, however good it is', () => {
  for (const run of [
    () => check(mine, digestOf(second)),
    () => check(mine, new Uint8Array(32)),
    () => check(mine, digestOf(mine).subarray(0, 31)),
    () => check(foreign),
    () => check(foreign, digestOf(mine)),
    () => check({ ...mine, checkpoint: foreign.checkpoint }),
    () => check({ ...mine, leaf: second.leaf }, digestOf(second)),
    () => check({ ...mine, index: second.index }),
    () => check({ ...mine, size: mine.size - 1 }),
    () => check({ ...mine, size: mine.size + 1 }),
    () => check({ ...mine, proof: second.proof }),
    () => check({ ...mine, proof: mine.proof.slice(1) }),
    () => check({ ...mine, proof: [...mine.proof, new Uint8Array(32)] }),
    () => check({ ...mine, proof: [] }),
    () => check({ ...mine, checkpoint: '' }),
    () => check({ ...mine, checkpoint: mine.checkpoint.replace(/^(.*\n)\d+/, '$1999') }),
  ]) {
    expect(run).toThrow(expect.objectContaining(refusal));
  }
});

test('law 5 no changed bit of the leaf or of the proof passes', () => {
  for (let at = 0; at < mine.leaf.length; at++) {
    const leaf = flipped(mine.leaf, at);
    expect(() => check({ ...mine, leaf }, digestOf(mine))).toThrow(expect.objectContaining(refusal));
  }
  for (const [i, hash] of mine.proof.entries()) {
    const proof = mine.proof.with(i, flipped(hash, 7));
    expect(() => check({ ...mine, proof })).toThrow(expect.objectContaining(refusal));
  }
});

test('L2 a log that another key or another name signs is not ours', () => {
  const { logKey, origin } = world.running.house;
  const theirs = createInclusionCheck(sha256, other.running.house.logKey.verifier, origin);
  const renamed = createInclusionCheck(sha256, logKey.verifier, 'evil.example/writ');
  for (const run of [() => theirs(digestOf(mine), mine), () => renamed(digestOf(mine), mine)]) {
    expect(run).toThrow(expect.objectContaining(refusal));
  }
});

test('the remembered checkpoint vouches for its own text alone', () => {
  const { logKey, origin } = world.running.house;
  const kept = createInclusionCheck(sha256, logKey.verifier, origin);
  kept(digestOf(mine), mine);
  expect(() => kept(digestOf(foreign), foreign)).toThrow(expect.objectContaining(refusal));
  expect(() => kept(digestOf(mine), mine)).not.toThrow();
});

test('L2 a flipped bit in what is stored is found before anything is built on it', async () => {
  const { store, logKey, origin } = world.running.house;
  const held = async (change: (inclusion: Inclusion) => Inclusion): Promise<void> =>
    checkStoredLog(
      {
        tree: async () => store.read.tree(),
        inclusion: async (index) => change(await store.read.inclusion(index)),
      },
      sha256,
      logKey.verifier,
      origin,
    );
  await expect(held((same) => same)).resolves.toBeUndefined();
  await expect(held((good) => ({ ...good, leaf: flipped(good.leaf, 3) }))).rejects.toMatchObject(refusal);
  await expect(held((good) => ({ ...good, checkpoint: foreign.checkpoint }))).rejects.toMatchObject(refusal);
  await expect(held((good) => ({ ...good, proof: good.proof.slice(1) }))).rejects.toMatchObject(refusal);
});
