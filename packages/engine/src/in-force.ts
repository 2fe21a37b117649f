import { ARTEFACTS_CELL, WritError } from '@writ/core';
import { type ArtefactSet, loadSet } from '@writ/flow';
import type { Ports } from './ports.ts';
import { readFiles } from './stored.ts';

/**
 * The artefact set that decides now, and earlier ones that waiting runs are pinned to. A set is compiled once per hash;
 * what is in force is whatever the store's cell says, so a stale memory costs a retry and never a wrong issuance.
 */
export interface InForce {
  current(): Promise<ArtefactSet>;
  /** whether what is current was published without review, by `writ dev` */
  isDev(): Promise<boolean>;
  byHash(hash: string): Promise<ArtefactSet>;
  /** the set has been compiled by whoever publishes it */
  keep(set: ArtefactSet): void;
  /** forget what is current, so that the next decision reads it anew */
  refresh(): void;
}

/** Compiled sets kept beside the current one. */
const KEPT = 8;

export function createInForce({ store, sha256 }: Pick<Ports, 'store' | 'sha256'>): InForce {
  const compiled = new Map<string, ArtefactSet>();
  let refreshed = 0;
  let current: { readonly set: ArtefactSet; readonly dev: boolean } | null = null;

  const keep = (set: ArtefactSet): void => {
    compiled.delete(set.hash);
    compiled.set(set.hash, set);
    const [oldest] = compiled.keys();
    if (compiled.size > KEPT && oldest !== undefined) compiled.delete(oldest);
  };

  const byHash = async (hash: string): Promise<ArtefactSet> => {
    const known = compiled.get(hash);
    if (known !== undefined) return known;
    const row = await store.read.row('artefact_sets', hash);
    if (row === null) throw new WritError('unavailable', `the artefact set ${hash} is not in the store`);
    const { set } = loadSet(readFiles(row).files, sha256);
    if (set === null || set.hash !== hash) {
      throw new WritError(
        'unavailable',
        `the stored artefact set ${hash} no longer loads as itself; run \`writ audit\``,
      );
    }
    keep(set);
    return set;
  };

  const read = async (): Promise<{ readonly set: ArtefactSet; readonly dev: boolean }> => {
    if (current !== null) return current;
    const asked = refreshed;
    const { [ARTEFACTS_CELL]: hash } = await store.read.cells([ARTEFACTS_CELL]);
    if (hash === null || hash === undefined) {
      throw new WritError('unavailable', 'this store is empty; run `writ init DIR` first');
    }
    const row = await store.read.row('artefact_sets', hash);
    const found = { set: await byHash(hash), dev: row?.mode === 'dev' };
    // Whoever switched meanwhile has asked to forget: what was read before that is not kept.
    if (asked === refreshed) current = found;
    return found;
  };

  return {
    keep,
    byHash,
    refresh: () => {
      refreshed += 1;
      current = null;
    },
    current: async () => (await read()).set,
    isDev: async () => (await read()).dev,
  };
}
