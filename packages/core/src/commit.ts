import type { Row, TableName } from './table.ts';

/**
 * What must still be true under the lock. A cell is a named text that only commits change; `is: null` means the cell
 * was never written. `rate` counts winners in a window; `live` counts a right's unexpired, unrevoked credentials.
 */
export type Expect =
  | { readonly kind: 'cell'; readonly cell: string; readonly is: string | null }
  | { readonly kind: 'rate'; readonly counter: string; readonly limit: number; readonly until: number }
  | { readonly kind: 'live'; readonly right: string; readonly limit: number; readonly now: number };

/**
 * A key that is spent once. With `holder`, the first holder may spend it again and no other (law: `replay: first-key`).
 * `until` (milliseconds since the epoch): when the key may be forgotten.
 */
export interface Consume {
  readonly key: string;
  readonly holder: string | null;
  readonly until: number;
}

/** A ledger entry to be appended. The committer stamps the time under the lock, so that the log's time never runs back. */
export interface NewEntry {
  readonly type: string;
  /** class in the low byte, flags above: see the ledger's leaf */
  readonly flags: number;
  /** 16 bytes, or null */
  readonly identityTag: Uint8Array | null;
  /** canonical JSON of the private record */
  readonly record: string;
  /** 32 random bytes */
  readonly salt: Uint8Array;
  /** SHA-256(salt ‖ record): 32 bytes */
  readonly commitment: Uint8Array;
  /** 32 bytes, or null */
  readonly tbsDigest: Uint8Array | null;
}

/** A row to be written whole, by its key; or a cell to be set. */
export type Write =
  | { readonly kind: 'cell'; readonly cell: string; readonly value: string }
  | { [T in TableName]: { readonly kind: 'row'; readonly table: T; readonly row: Row<T> } }[TableName];

/** A unit of work as a value (law 4). It happens whole or not at all. */
export interface Commit {
  readonly expect: readonly Expect[];
  readonly consume: readonly Consume[];
  readonly append: NewEntry | null;
  readonly write: readonly Write[];
}

/** Why a commit was dropped; nothing of it happened. */
export type Loss =
  | {
      readonly kind: 'cell';
      readonly cell: string;
      readonly expected: string | null;
      readonly found: string | null;
    }
  | { readonly kind: 'rate'; readonly counter: string; readonly limit: number }
  | { readonly kind: 'live'; readonly right: string; readonly limit: number }
  | { readonly kind: 'consumed'; readonly key: string };

/** Where a commit's entry stands in the log: enough to prove it, and to make a receipt. */
export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
  /** the signed note of the checkpoint of `size` */
  readonly checkpoint: string;
}

export type CommitResult =
  | { readonly outcome: 'committed'; readonly inclusion: Inclusion | null; readonly timeMs: number }
  | { readonly outcome: 'lost'; readonly loss: Loss };
