import { ARTEFACTS_CELL, ARTEFACTS_MODE_CELL, WritError } from '@writ/core';
import { type ArtefactSet, loadSet } from '@writ/flow';
import type { Ports } from './ports.ts';
import { readFiles } from './stored.ts';

/**
 * The artefact set that decides now, and earlier ones that waiting runs are pinned to. A set is compiled once per hash;
 * what is in force is whatever the store's cell says whenever it is asked for, as another process may have switched it:
 * one that only refuses, or only introspects, has no lost commit to tell it.
 */
export interface InForce {
  current(): Promise<ArtefactSet>;
  /**
   * How what was found in force last was published: `dev` was without review. Null in a store that does not say. A commit
   * that leans on it expects it of the cell.
   */
  mode(): Promise<Mode>;
  byHash(hash: string): Promise<ArtefactSet>;
  /** the set has been compiled by whoever publishes it */
  keep(set: ArtefactSet): void;
  /** forget what is current, so that the next decision reads it anew */
  refresh(): void;
}

export interface Mode {
  readonly dev: boolean;
  readonly cell: string | null;
}

/** Compiled sets kept beside the current one. */
const KEPT = 8;

export function createInForce({ store, sha256 }: Pick<Ports, 'store' | 'sha256'>): InForce {
  const compiled = new Map<string, ArtefactSet>();
  let refreshed = 0;
  let current: { readonly set: ArtefactSet; readonly mode: Mode } | null = null;

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

  const read = async (): Promise<{ readonly set: ArtefactSet; readonly mode: Mode }> => {
    const asked = refreshed;
    const cells = await store.read.cells([ARTEFACTS_CELL, ARTEFACTS_MODE_CELL]);
    const hash = cells[ARTEFACTS_CELL] ?? null;
    const cell = cells[ARTEFACTS_MODE_CELL] ?? null;
    if (hash === null) {
      throw new WritError('unavailable', 'this store is empty; run `writ init DIR` first');
    }
    if (current?.set.hash === hash && current.mode.cell === cell) return current;
    const said = cell ?? (await store.read.row('artefact_sets', hash))?.mode;
    const found = { set: await byHash(hash), mode: { dev: said === 'dev', cell } };
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
    mode: async () => (current ?? (await read())).mode,
  };
}
