import {
  type Commit,
  type CommitResult,
  type Inclusion,
  type NewEntry,
  TABLES,
  type TableName,
  type Write,
} from '@writ/core';
import {
  type Appended,
  append,
  formatCheckpoint,
  hashLeaf,
  signNote,
  type TileWrite,
  type Tree,
  tileWritesOf,
} from '@writ/ledger';
import { leafOf } from './entry-leaf.ts';
import { type Changed, createJudge, type Loaded } from './judge.ts';
import type { LogOptions } from './log-options.ts';

/** What the batch stands on: the log as the lock found it, and what was read under the lock. */
export interface Ground {
  readonly tree: Tree;
  /** of the last entry */
  readonly timeMs: number;
  readonly loaded: Loaded;
  /** the clock, milliseconds since the epoch */
  readonly now: number;
}

export interface WrittenRow {
  /** in the order of the table's columns */
  readonly values: readonly (string | number)[];
  readonly entry: number | null;
}

export interface WrittenEntry {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly salt: Uint8Array;
  readonly record: string;
}

/** The log after the batch. */
export interface Grown {
  readonly tree: Tree;
  readonly root: Uint8Array;
  readonly checkpoint: string;
  readonly timeMs: number;
  readonly entries: readonly WrittenEntry[];
  readonly tiles: readonly TileWrite[];
}

/** All a driver has to write for a batch, and what it answers once that is durable. */
export interface Settlement {
  /** one for each commit, in order */
  readonly results: readonly CommitResult[];
  readonly changed: Changed;
  /** by table, then by key: the last write of each row */
  readonly rows: ReadonlyMap<TableName, ReadonlyMap<string, WrittenRow>>;
  /** null when no winner appended */
  readonly grown: Grown | null;
  /** whether nothing at all is to be written */
  readonly idle: boolean;
}

/**
 * Decides a batch in arrival order and builds everything it writes. Pure but for the signer: both drivers call it
 * between their lock and their writes, and neither decides anything itself.
 */
export function settle(
  commits: readonly Commit[],
  ground: Ground,
  log: Pick<LogOptions, 'hash' | 'signer' | 'origin'>,
): Settlement {
  const timeMs = Math.max(ground.now, ground.timeMs);
  const judge = createJudge(ground.loaded, ground.now);
  const rows = new Map<TableName, Map<string, WrittenRow>>();
  const entries: WrittenEntry[] = [];
  const outcomes = commits.map((commit) => {
    const loss = judge.judge(commit);
    if (loss !== null) return { loss, entry: null };
    const entry =
      commit.append === null ? null : entryAt(ground.tree.size + entries.length, commit.append, timeMs);
    if (entry !== null) entries.push(entry);
    for (const write of commit.write) if (write.kind === 'row') addRow(rows, write, entry?.index ?? null);
    return { loss: null, entry };
  });

  const leafHashes = entries.map(({ leaf }) => hashLeaf(log.hash, leaf));
  const appended = entries.length === 0 ? null : append(log.hash, ground.tree, leafHashes);
  const grown = appended === null ? null : growth(appended, entries, timeMs, log);
  const { changed } = judge;
  return {
    results: outcomes.map(({ loss, entry }): CommitResult => {
      if (loss !== null) return { outcome: 'lost', loss };
      if (entry === null || appended === null || grown === null) {
        return { outcome: 'committed', inclusion: null, timeMs };
      }
      return { outcome: 'committed', inclusion: inclusionOf(entry, appended, grown), timeMs };
    }),
    changed,
    rows,
    grown,
    idle:
      grown === null && rows.size + changed.cells.size + changed.consumed.size + changed.counters.size === 0,
  };
}

function entryAt(index: number, entry: NewEntry, timeMs: number): WrittenEntry {
  return { index, leaf: leafOf(entry, timeMs), salt: entry.salt, record: entry.record };
}

function addRow(
  rows: Map<TableName, Map<string, WrittenRow>>,
  write: Extract<Write, { kind: 'row' }>,
  entry: number | null,
): void {
  const { key, columns } = TABLES[write.table];
  const row: Readonly<Record<string, string | number>> = write.row;
  const values = Object.keys(columns).map((column) => row[column] ?? '');
  const ofTable = rows.get(write.table) ?? new Map<string, WrittenRow>();
  rows.set(write.table, ofTable);
  ofTable.set(String(row[key]), { values, entry });
}

// The checkpoint is signed before the batch is durable. That is safe because its note is stored by the same COMMIT and
// nobody sees it before: a crash in between leaves the old checkpoint, and the signature dies with the process.
function growth(
  appended: Appended,
  entries: readonly WrittenEntry[],
  timeMs: number,
  log: Pick<LogOptions, 'signer' | 'origin'>,
): Grown {
  const { tree, root, nodes } = appended;
  const text = formatCheckpoint({ origin: log.origin, size: tree.size, root });
  const checkpoint = signNote(text, [log.signer]);
  return { tree, root, checkpoint, timeMs, entries, tiles: tileWritesOf(nodes) };
}

function inclusionOf({ index, leaf }: WrittenEntry, appended: Appended, grown: Grown): Inclusion {
  return {
    index,
    size: grown.tree.size,
    leaf,
    proof: appended.prove(index),
    checkpoint: grown.checkpoint,
  };
}
