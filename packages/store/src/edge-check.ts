import { WritError } from '@writ/core';
import {
  type Checkpoint,
  decodeLeaf,
  encodeHex,
  HASH_SIZE,
  hashLeaf,
  LedgerError,
  openCheckpoint,
  type ReadTile,
  readNodeFromTiles,
  rootOf,
  type Tree,
  treeAt,
} from '@writ/ledger';
import type { LogOptions } from './log-options.ts';
import type { TreeHead } from './port.ts';

/** The head of the log as the database keeps it. */
export interface StoredHead extends TreeHead {
  /** the hashes of the tree's frontier, joined */
  readonly frontier: Uint8Array;
}

type Log = Pick<LogOptions, 'hash' | 'origin' | 'verifiers'>;

/** How a frontier is stored: its hashes, joined. */
export function joinHashes(hashes: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(hashes.length * HASH_SIZE);
  for (const [i, hash] of hashes.entries()) joined.set(hash, i * HASH_SIZE);
  return joined;
}

export function treeOf(head: StoredHead): Tree {
  const frontier: Uint8Array[] = [];
  for (let at = 0; at < head.frontier.length; at += HASH_SIZE) {
    frontier.push(head.frontier.slice(at, at + HASH_SIZE));
  }
  return { size: head.size, frontier };
}

/**
 * Whether the head says the same as its own signed checkpoint.
 *
 * @throws WritError `verification-failed`
 */
export function checkHead(head: StoredHead, log: Log): void {
  const checkpoint = open(() => openCheckpoint(head.checkpoint, log.origin, log.verifiers));
  const root = encodeHex(open(() => rootOf(log.hash, treeOf(head))));
  if (checkpoint.size !== head.size || encodeHex(checkpoint.root) !== root || encodeHex(head.root) !== root) {
    throw damaged(
      `its tree row of size ${head.size} is not that of its signed checkpoint of size ${checkpoint.size}`,
    );
  }
}

/**
 * The two-path check of the log's right edge: what was computed append by append against what the stored tiles, and
 * the last stored entry, give.
 *
 * @throws WritError `verification-failed`
 */
export function checkEdge(head: StoredHead, lastLeaf: Uint8Array | null, readTile: ReadTile, log: Log): void {
  const rebuilt = open(() => treeAt(readNodeFromTiles(log.hash, readTile), head.size));
  const kept = treeOf(head).frontier;
  if (rebuilt.frontier.length !== kept.length || rebuilt.frontier.some((node, i) => !same(node, kept[i]))) {
    throw damaged('its tiles and its tree row make different trees');
  }
  if (head.size === 0) return;
  if (lastLeaf === null) throw damaged(`its last entry ${head.size - 1} is missing`);
  const readNode = readNodeFromTiles(log.hash, readTile);
  if (
    !same(
      hashLeaf(log.hash, lastLeaf),
      open(() => readNode(0, head.size - 1)),
    )
  ) {
    throw damaged(`its last entry ${head.size - 1} is not the one in its tiles`);
  }
  if (open(() => decodeLeaf(lastLeaf)).timeMs !== head.timeMs) {
    throw damaged(`its tree row does not carry the time of entry ${head.size - 1}`);
  }
}

/**
 * Whether the log still holds everything that was once published. Null, or why it must not be written to: an append
 * to a shorter or different log would sign a second history (fork danger).
 */
export function forkDanger(head: TreeHead, mark: Checkpoint, readTile: ReadTile, log: Log): string | null {
  const behind = `fork danger: entry ${mark.size} was published, and the database`;
  const cure = 'restore the newest database, or recover under a new log name';
  if (head.size < mark.size) return `${behind} ends at ${head.size}: ${cure}`;
  try {
    const root = rootOf(log.hash, treeAt(readNodeFromTiles(log.hash, readTile), mark.size));
    return same(root, mark.root) ? null : `${behind} holds another history: ${cure}`;
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    return `${behind} cannot show it: ${cure}`;
  }
}

function same(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && encodeHex(a) === encodeHex(b);
}

function open<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw damaged(cause.message, cause);
  }
}

function damaged(why: string, cause?: unknown): WritError {
  return new WritError(
    'verification-failed',
    `the log does not verify: ${why}; restore the database from a backup, or recover under a new log name`,
    { cause },
  );
}
