import type { StoredRow, TableName } from '@writ/core';
import type { Loaded } from '../judge.ts';
import type { Reader } from '../port.ts';
import type { Settlement } from '../settle.ts';
import type { Wanted } from '../wanted.ts';

/** Cells and identities kept in memory; past so many all are let go and read anew. */
const MOST = 10_000;

/** A reader that keeps what every issuance reads. */
export interface Remembering {
  readonly read: Reader;
  /** What a batch found under the lock and, once it is durable, what it changed. */
  learn(wanted: Wanted, loaded: Loaded, settlement: Settlement): void;
  /** Lets everything go: nobody knows what is in the database. */
  forget(): void;
}

/**
 * Keeps cells and the rows of identities in memory. This process is the only writer, and every batch says what it
 * changed before anybody hears of its outcome, so that a read is still of what is committed. Should anything else ever
 * write, a commit that expects an outdated cell loses, and what the lock found then is what is read next.
 */
export function remember(reader: Reader): Remembering {
  const cells = new Map<string, string | null>();
  const rows: Rows = emptyRows();
  /** counts batches: what was read before one is not kept after it */
  let batch = 0;

  return {
    forget() {
      batch += 1;
      cells.clear();
      for (const table of KEPT) rows[table].clear();
    },
    learn(wanted, loaded, settlement) {
      batch += 1;
      for (const name of wanted.cells) keep(cells, name, loaded.cells.get(name) ?? null);
      for (const [name, value] of settlement.changed.cells) keep(cells, name, value);
      for (const table of KEPT)
        for (const key of settlement.rows.get(table)?.keys() ?? []) rows[table].delete(key);
    },
    read: {
      ...reader,
      async cells(names) {
        if (names.every((name) => cells.has(name)))
          return Object.fromEntries(names.map((name) => [name, cells.get(name) ?? null]));
        const at = batch;
        const read = await reader.cells(names);
        if (at === batch) for (const name of names) keep(cells, name, read[name] ?? null);
        return read;
      },
      async row(table, key) {
        if (!KEPT.includes(table)) return reader.row(table, key);
        const ofTable = rows[table];
        const known = ofTable.get(key);
        if (known !== undefined) return known;
        const at = batch;
        const row = await reader.row(table, key);
        if (at === batch && row !== null) keep(ofTable, key, Object.freeze(row));
        return row;
      },
    },
  };
}

/** The tables whose rows are kept. */
const KEPT: readonly TableName[] = ['identities'];

type Rows = { readonly [T in TableName]: Map<string, StoredRow<T>> };

function emptyRows(): Rows {
  return {
    identities: new Map(),
    runs: new Map(),
    credentials: new Map(),
    artefact_sets: new Map(),
    issuer_keys: new Map(),
    freezes: new Map(),
    decisions: new Map(),
    requests: new Map(),
    approvals: new Map(),
    obligations: new Map(),
    timers: new Map(),
    sessions: new Map(),
    authenticators: new Map(),
    invitations: new Map(),
    device_codes: new Map(),
    idempotency_keys: new Map(),
  };
}

function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  if (kept.size >= MOST) kept.clear();
  kept.set(key, value);
}
