import type { Commit, CommitResult, Inclusion, StoredRow, TableName } from '@writ/core';

/**
 * The only door to the tables. Two drivers fulfil it, and one conformance suite says whether they do.
 *
 * Durability: when `commit` resolves, the outcome survives `kill -9` and a power cut, and so does everything the
 * outcome was decided upon. When it rejects with `unavailable`, the commit was not acknowledged: it did not happen,
 * or (only when the machine failed in the middle of COMMIT) it may be found to have happened after the next start.
 * In both cases no proof of inclusion was handed out, so nothing may have been signed for it.
 *
 * Concurrency: commits wait for each other in one queue and are decided in the order in which they arrived, many in
 * one transaction. What an earlier winner wrote, spent or counted is what a later commit of the same transaction is
 * compared with. A loser changes nothing and delays nobody.
 *
 * Ordering: the entries of winners stand in the log in that same order. Their time never runs back, even when the
 * clock does.
 *
 * @see architecture.md, law 4
 */
export interface Store extends AsyncDisposable {
  /**
   * @throws WritError `invalid` (a value that cannot be stored or an entry that makes no leaf; the commit was not
   *   queued), `unavailable` (see above; reads stay live)
   * @see `MAX_KEY`, `MAX_TEXT`
   */
  commit(commit: Commit): Promise<CommitResult>;
  readonly read: Reader;
}

/**
 * Reads see what is committed, never the batch in flight. Two reads may see two states: what a decision rests on is
 * compared again under the lock, by the cells it names in `expect`.
 *
 * Every method throws WritError `unavailable` when the database does not answer, and `verification-failed` when it
 * answers what no Writ has written.
 */
export interface Reader {
  /** The value of every cell asked for, null where it was never written. */
  cells(names: readonly string[]): Promise<Readonly<Record<string, string | null>>>;
  row<T extends TableName>(table: T, key: string): Promise<StoredRow<T> | null>;
  /** In the order of the table's key (bytes of its UTF-8), which makes `after` a cursor. */
  rows<T extends TableName>(table: T, where: Where<T>): Promise<readonly StoredRow<T>[]>;
  /** How many credentials of a right live at `now` (milliseconds since the epoch). */
  live(right: string, now: number): Promise<number>;
  tree(): Promise<TreeHead>;
  /** @throws WritError `invalid` for what is no index */
  entry(index: number): Promise<StoredEntry | null>;
  /**
   * Entries `from` (included) to `to` (excluded), fewer where the log ends before.
   *
   * @throws WritError `invalid` for more than `MAX_ENTRIES` at once
   */
  entries(from: number, to: number): Promise<readonly StoredEntry[]>;
  /** The hashes of a tile so far, joined (1 to 256 of 32 bytes), or null where it has none. C2SP tlog-tiles. */
  tile(level: number, index: number): Promise<Uint8Array | null>;
  /**
   * The proof of an entry against the current checkpoint: a receipt can be fetched again at any time.
   *
   * @throws WritError `unknown` when the log has no such entry
   */
  inclusion(index: number): Promise<Inclusion>;
}

/** The most entries one read returns. */
export const MAX_ENTRIES = 1024;

export interface TreeHead {
  readonly size: number;
  /** 32 bytes */
  readonly root: Uint8Array;
  /** the signed note */
  readonly checkpoint: string;
  /** of the last entry; 0 in an empty log */
  readonly timeMs: number;
}

export interface StoredEntry {
  readonly index: number;
  /** 90 bytes */
  readonly leaf: Uint8Array;
  /** null when the record was erased */
  readonly salt: Uint8Array | null;
  /** canonical JSON; null when it was erased */
  readonly record: string | null;
}

/** The columns besides the key that rows are found by. */
export const INDEXED = {
  identities: ['uri', 'owner'],
  runs: ['identity', 'state', 'due_at'],
  credentials: ['identity', 'right_id', 'run'],
  artefact_sets: [],
  issuer_keys: ['name'],
  freezes: ['state'],
  decisions: ['at', 'identity'],
  requests: ['person'],
  approvals: ['run', 'identity'],
  obligations: ['run', 'assignee'],
  timers: ['due_at', 'about'],
  sessions: ['person'],
  authenticators: ['person'],
  invitations: [],
  device_codes: ['user_code'],
  idempotency_keys: [],
} as const;

/**
 * Columns in which so many rows are equal that people page through them. Their index ends with the key: a page costs no more
 * than its rows, however many there are.
 */
export const PAGED = [
  ['identities', 'owner'],
  ['requests', 'person'],
  ['obligations', 'assignee'],
] as const;

export type IndexedColumn<T extends TableName> = (typeof INDEXED)[T][number];

/** One page of a table: all of it, the rows equal in one indexed column, or those whose integer lies in a range. */
export type Where<T extends TableName> = WhereColumn<IndexedColumn<T>>;

export type WhereColumn<C extends string> = Page & (All | Equal<C> | Between<C>);

interface Page {
  /** at most so many rows, 1 to 10,000 */
  readonly limit: number;
  /** the key of the last row of the page before */
  readonly after?: string | undefined;
}
interface All {
  readonly column?: undefined;
}
interface Equal<C extends string> {
  readonly column: C;
  readonly equals: string | number;
}
interface Between<C extends string> {
  readonly column: C;
  /** included */
  readonly from: number;
  /** excluded */
  readonly below: number;
}
