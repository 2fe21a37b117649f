import { closeSync, existsSync, openSync, realpathSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Commit, type CommitResult, WritError } from '@writ/core';
import { emptyRoot, emptyTree, formatCheckpoint, signNote } from '@writ/ledger';
import { createCommitter } from '../committer.ts';
import { checkEdge, checkHead, forkDanger, type StoredHead, treeOf } from '../edge-check.ts';
import { createHighWater, readHighWater } from '../high-water.ts';
import type { LogOptions } from '../log-options.ts';
import type { Store } from '../port.ts';
import { type Ground, settle } from '../settle.ts';
import { bytes } from '../stored-value.ts';
import { wantedBy } from '../wanted.ts';
import { createLoader, readHead } from './load.ts';
import { holdStore } from './owner-lock.ts';
import { createReader } from './read.ts';
import { type Remembering, remember } from './remember.ts';
import { allRows } from './row-values.ts';
import { migrate } from './schema.ts';
import { createWriter, type Writer } from './write.ts';

export { type OpenedReader, openSqliteReader } from './open-reader.ts';

export interface SqliteOptions extends LogOptions {
  /** The database file; `.lock`, `.holder`, `.high-water` and SQLite's own files stand beside it. */
  readonly path: string;
}

/** How long (milliseconds) a statement waits for another connection, which is our own reader or a backup tool. */
const BUSY_TIMEOUT = 5000;
/** 32 MB of pages in memory; 16 MB in the log between checkpoints, which a batch then waits for. */
const PRAGMAS = `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;
  PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4096`;
/** Keys are remembered so much longer (milliseconds) than they must: another clock may be behind ours. */
const FORGET_AFTER = 60_000;

/**
 * Opens the embedded store, or makes one. One process owns it; everything of a batch happens in one synchronous block.
 *
 * @throws WritError `conflict` (another process owns it; a newer schema), `verification-failed` (the log's edge is not
 *   what its signed checkpoint says), `unavailable` (the file cannot be opened)
 */
export async function openSqlite(options: SqliteOptions): Promise<Store> {
  await using opening = new AsyncDisposableStack();
  const path = existsSync(options.path) ? realpathSync(options.path) : options.path;
  opening.use(holdStore(path, options.now()));
  const db = opening.adopt(openDatabase(path), (opened) => opened.close());
  migrate(db);
  const head = readHead(db) ?? createHead(db, options);
  const danger = checkLog(db, head, path, options);
  const readOnly = opening.adopt(
    new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT }),
    (opened) => opened.close(),
  );
  const highWater = opening.adopt(createHighWater(`${path}.high-water`), (mark) => mark.close());
  const memory = remember(createReader(readOnly, options.hash));
  const batch = createBatch(db, head, danger, options, memory, (checkpoint) => highWater.raise(checkpoint));
  const committer = opening.adopt(createCommitter(batch), (open) => open.close());
  // Disposed of in reverse: no new commits, the mark, the connections, then the ownership.
  const resources = opening.move();
  return {
    commit: (commit) => committer.commit(commit),
    read: memory.read,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function openDatabase(path: string): DatabaseSync {
  try {
    // Records are private: the file is made before SQLite would make it readable for all. Never opened here once it
    // exists, as closing it would drop the locks that this process holds on it.
    if (!existsSync(path)) closeSync(openSync(path, 'wx', 0o600));
    const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT, enableDoubleQuotedStringLiterals: false });
    db.exec(PRAGMAS);
    return db;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WritError('unavailable', `the store \`${path}\` cannot be opened: ${why}`, { cause });
  }
}

/** The empty log, with a signed checkpoint of its own. */
function createHead(db: DatabaseSync, { hash, origin, signer }: LogOptions): StoredHead {
  const root = emptyRoot(hash);
  const checkpoint = signNote(formatCheckpoint({ origin, size: 0, root }), [signer]);
  const frontier = new Uint8Array(0);
  db.prepare('INSERT INTO tree VALUES (1, 0, ?, ?, ?, 0)').run(root, frontier, checkpoint);
  return { ...emptyTree, root, frontier, checkpoint, timeMs: 0 };
}

/** Refuses a log that does not verify; says why one that verifies must not be written to, or null. */
function checkLog(db: DatabaseSync, head: StoredHead, path: string, log: LogOptions): string | null {
  const arrays = { returnArrays: true };
  const tiles = db.prepare('SELECT hashes FROM tiles WHERE level = ? AND idx = ?', arrays);
  const last = db.prepare('SELECT leaf FROM entries WHERE idx = ?', arrays);
  const readTile = (level: number, index: number): Uint8Array | undefined => {
    const [row] = allRows(tiles, level, index);
    return row === undefined ? undefined : bytes(row[0]);
  };
  checkHead(head, log);
  const [leaf] = allRows(last, head.size - 1);
  checkEdge(head, leaf === undefined ? null : bytes(leaf[0]), readTile, log);
  const mark = readHighWater(`${path}.high-water`, log);
  return mark === null ? null : forkDanger(head, mark, readTile, log);
}

function createBatch(
  db: DatabaseSync,
  head: StoredHead,
  danger: string | null,
  options: LogOptions,
  memory: Remembering,
  published: (checkpoint: string) => void,
): (commits: readonly Commit[]) => readonly CommitResult[] {
  const load = createLoader(db);
  const writer = createWriter(db);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const end = db.prepare('COMMIT');
  const { now, fault } = options;
  const forgetful = forgetting(writer);
  let { tree, timeMs }: Pick<Ground, 'tree' | 'timeMs'> = { tree: treeOf(head), timeMs: head.timeMs };
  let refusal = danger;

  // INVARIANT: no `await` between BEGIN and COMMIT.
  return (commits) => {
    if (refusal !== null) throw new WritError('unavailable', refusal);
    begin.run();
    let ending = false;
    try {
      fault?.('locked');
      const wanted = wantedBy(commits);
      const ground: Ground = { tree, timeMs, loaded: load(wanted), now: now() };
      fault?.('loaded');
      const settlement = settle(commits, ground, options);
      fault?.('settled');
      if (settlement.idle) {
        db.exec('ROLLBACK');
        memory.learn(wanted, ground.loaded, settlement);
        return settlement.results;
      }
      writer.write(settlement);
      forgetful(ground.now);
      fault?.('written');
      ending = true;
      end.run();
      memory.learn(wanted, ground.loaded, settlement);
      if (settlement.grown !== null) {
        ({ tree, timeMs } = settlement.grown);
        published(settlement.grown.checkpoint);
      }
      fault?.('committed');
      return settlement.results;
    } catch (cause) {
      if (db.isTransaction) db.exec('ROLLBACK');
      memory.forget();
      // A COMMIT that failed to reach the disk may still be found there after a crash. Nothing may be signed beside it.
      if (ending && isIoError(cause)) {
        refusal = 'the disk failed while a batch was made durable: check it, then open the store again';
      }
      throw cause;
    }
  };
}

/** Cleans up with the batch that happens to come a minute after the last cleaning, in its transaction. */
function forgetting(writer: Writer): (now: number) => void {
  let last = -Infinity;
  return (now) => {
    if (Math.abs(now - last) < FORGET_AFTER) return;
    last = now;
    writer.forget(now - FORGET_AFTER);
  };
}

const SQLITE_IOERR = 10;

function isIoError(cause: unknown): boolean {
  return (
    cause instanceof Error &&
    'errcode' in cause &&
    typeof cause.errcode === 'number' &&
    (cause.errcode & 0xff) === SQLITE_IOERR
  );
}
