import type { Inclusion } from '@writ/core';
import {
  append,
  decodeLeaf,
  emptyTree,
  encodeHex,
  encodeUtf8,
  hashLeaf,
  openCheckpoint,
  recordCommitment,
  tileWritesOf,
  verifyInclusion,
} from '@writ/ledger';
import { expect } from 'vitest';
import { MAX_ENTRIES, type Store, type StoredEntry } from '../port.ts';
import { ORIGIN, sha256, verifiers } from './place.ts';

/**
 * The one oracle: rebuilds the whole log from its entries and demands that everything else the store says of it (head,
 * checkpoint, tiles, proofs) agrees. Returns the size.
 */
export async function checkLog({ read }: Pick<Store, 'read'>): Promise<number> {
  const head = await read.tree();
  const checkpoint = openCheckpoint(head.checkpoint, ORIGIN, verifiers);
  expect(checkpoint.size).toBe(head.size);
  expect(encodeHex(checkpoint.root)).toBe(encodeHex(head.root));

  const entries: StoredEntry[] = [];
  for (let from = 0; from < head.size; from += MAX_ENTRIES) {
    entries.push(...(await read.entries(from, Math.min(from + MAX_ENTRIES, head.size))));
  }
  expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: head.size }, (_, i) => i));
  expect(await read.entry(head.size)).toBeNull();
  checkEntries(entries, head.timeMs);

  const rebuilt = append(
    sha256,
    emptyTree,
    entries.map(({ leaf }) => hashLeaf(sha256, leaf)),
  );
  expect(encodeHex(rebuilt.root)).toBe(encodeHex(head.root));
  for (const { level, index, hashes } of tileWritesOf(rebuilt.nodes)) {
    const tile = await read.tile(level, index);
    expect(tile && encodeHex(tile), `tile ${level}/${index}`).toBe(encodeHex(hashes));
  }
  const step = Math.max(1, Math.floor(head.size / 40));
  for (let index = 0; index < head.size; index += step) {
    const inclusion = await read.inclusion(index);
    expect(inclusion.size).toBe(head.size);
    checkInclusion(inclusion);
    expect(inclusion.leaf).toEqual(entries[index]?.leaf);
  }
  return head.size;
}

/** An inclusion as the verifier of a receipt sees it. */
export function checkInclusion({ index, size, leaf, proof, checkpoint }: Inclusion): void {
  const { root, size: signed } = openCheckpoint(checkpoint, ORIGIN, verifiers);
  expect(signed).toBe(size);
  verifyInclusion(sha256, { index, size, leafHash: hashLeaf(sha256, leaf), proof, root });
}

function checkEntries(entries: readonly StoredEntry[], lastTime: number): void {
  let time = 0;
  for (const { leaf, salt, record } of entries) {
    const decoded = decodeLeaf(leaf);
    expect(decoded.timeMs, 'time never runs back').toBeGreaterThanOrEqual(time);
    time = decoded.timeMs;
    if (salt === null || record === null) continue;
    const commitment = recordCommitment(sha256, salt, encodeUtf8(record));
    expect(encodeHex(decoded.record)).toBe(encodeHex(commitment));
  }
  expect(lastTime).toBe(time);
}
