import { type StoredRow, TABLES, type TableName, WritError } from '@writ/core';
import { emptyRoot, emptyTree, formatCheckpoint, signNote, type Tree } from '@writ/ledger';
import { createCommitter, type LogOptions, type Reader, type Store, settle, storedRow } from '@writ/store';

/** What a server reads again and again; runs, credentials, entries, tiles and spent keys are let go. */
const KEPT: readonly TableName[] = ['identities', 'artefact_sets', 'issuer_keys', 'freezes'];

/**
 * The store without persistence: the same queue, the same judging and the same ledger, root, checkpoint and proofs, and
 * nothing written anywhere. It forgets what was spent, so it is fit for nothing but to measure what keeping costs.
 */
export function createMemoryStore(log: LogOptions): Store {
  const cells = new Map<string, string>();
  const rows = new Map(KEPT.map((table) => [table, new Map<string, readonly unknown[]>()]));
  let tree: Tree = emptyTree;
  let timeMs = 0;
  let root = emptyRoot(log.hash);
  let checkpoint = signNote(formatCheckpoint({ origin: log.origin, size: 0, root }), [log.signer]);

  const committer = createCommitter((commits) => {
    const loaded = {
      cells,
      consumed: new Map(),
      counters: new Map(),
      live: new Map(),
      credentials: new Map(),
    };
    const settlement = settle(commits, { tree, timeMs, loaded, now: log.now() }, log);
    for (const [name, value] of settlement.changed.cells) cells.set(name, value);
    for (const [table, written] of settlement.rows) {
      const kept = rows.get(table);
      if (kept === undefined) continue;
      for (const [key, { values, entry }] of written) kept.set(key, [...values, entry]);
    }
    if (settlement.grown !== null) ({ tree, timeMs, root, checkpoint } = settlement.grown);
    return settlement.results;
  });

  const rowsOf = <T extends TableName>(table: T): readonly StoredRow<T>[] =>
    [...(rows.get(table)?.values() ?? [])].map((values) => storedRow(table, values));

  const read: Reader = {
    cells: async (names) => Object.fromEntries(names.map((name) => [name, cells.get(name) ?? null])),
    row: async (table, key) => {
      const values = rows.get(table)?.get(key);
      return values === undefined ? null : storedRow(table, values);
    },
    rows: async (table, where) => {
      const column = where.column ?? TABLES[table].key;
      const wanted = 'equals' in where ? where.equals : null;
      return rowsOf(table).filter(
        (row) =>
          wanted === null || Object.entries(row).some(([name, value]) => name === column && value === wanted),
      );
    },
    live: async () => 0,
    tree: async () => ({ size: tree.size, root, checkpoint, timeMs }),
    entry: async () => null,
    entries: async () => [],
    tile: async () => null,
    inclusion: async () => {
      throw new WritError('unsupported', 'nothing was kept to prove it from');
    },
  };
  return {
    commit: (commit) => committer.commit(commit),
    read,
    [Symbol.asyncDispose]: () => committer.close(),
  };
}
