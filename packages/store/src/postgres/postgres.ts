import { WritError } from '@writ/core';
import { emptyRoot, formatCheckpoint, signNote } from '@writ/ledger';
import { createCommitter } from '../committer.ts';
import { checkEdge, checkHead, forkDanger, type StoredHead } from '../edge-check.ts';
import { createHighWater, readHighWater } from '../high-water.ts';
import type { LogOptions } from '../log-options.ts';
import type { Store } from '../port.ts';
import { bytes } from '../stored-value.ts';
import { edgeTiles } from '../tile-need.ts';
import { createBatch } from './batch.ts';
import { type Connection, createPool, createWriteConnection, type WriteConnection } from './connection.ts';
import { createContinuity } from './continuity.ts';
import { readHead } from './load.ts';
import { createQuery, createReader, type Query, readTiles } from './read.ts';
import { migrate } from './schema.ts';

export interface PostgresOptions extends LogOptions {
  readonly connection: Connection;
  /** connections that read; 4 unless told */
  readonly readers?: number | undefined;
  /** A file outside the database for the newest published checkpoint: it shows a database that was rolled back. */
  readonly highWater?: string | undefined;
}

/**
 * Opens the shared store: any number of replicas on one database, each with one writing connection.
 *
 * @throws WritError `refused` (a server that is not durable, or too old), `conflict` (a newer schema),
 *   `verification-failed` (the log's edge is not what its signed checkpoint says), `unavailable` (no answer)
 */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  await using opening = new AsyncDisposableStack();
  const connection = opening.adopt(createWriteConnection(options.connection), (each) => each.drop());
  const pool = opening.adopt(createPool(options.connection, options.readers ?? 4), (each) => each.end());
  const query = createQuery(pool);
  await prepare(connection, options);
  const head = await headOf(connection);
  const danger = await checkLog(query, head, options);
  const highWater = highWaterOf(options);
  opening.defer(() => highWater?.close());
  const continuity = createContinuity(head, danger, options);
  const batch = createBatch(connection, continuity, options, (checkpoint) => highWater?.raise(checkpoint));
  const committer = opening.adopt(createCommitter(batch), (each) => each.close());
  // Disposed of in reverse: no new commits, the mark, the connections.
  const resources = opening.move();
  return {
    commit: (commit) => committer.commit(commit),
    read: createReader(pool, query, options.hash),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Schema and empty log, made once by whoever comes first. */
async function prepare(connection: WriteConnection, { hash, origin, signer }: LogOptions): Promise<void> {
  const root = emptyRoot(hash);
  const checkpoint = signNote(formatCheckpoint({ origin, size: 0, root }), [signer]);
  try {
    const client = await connection.get();
    await client.query('BEGIN');
    await migrate(client);
    await client.query(`INSERT INTO writ.tree VALUES (1, 0, $1, ''::bytea, $2, 0) ON CONFLICT DO NOTHING`, [
      root,
      checkpoint,
    ]);
    await client.query('COMMIT');
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WritError('unavailable', `postgresql cannot be used: ${why}`, { cause });
  }
}

async function headOf(connection: WriteConnection): Promise<StoredHead> {
  const head = await readHead(await connection.get());
  if (head === null) throw new WritError('verification-failed', 'the tree row is missing');
  return head;
}

/** Refuses a log that does not verify; says why one that verifies must not be written to, or null. */
async function checkLog(query: Query, head: StoredHead, options: PostgresOptions): Promise<string | null> {
  checkHead(head, options);
  // Other replicas may append meanwhile: tiles only grow, and an entry never changes.
  const tiles = await readTiles(query, edgeTiles(head.size));
  const [last] = await query('SELECT leaf FROM writ.entries WHERE idx = $1', [head.size - 1]);
  const readTile = (level: number, index: number): Uint8Array | undefined => tiles.get(`${level}/${index}`);
  checkEdge(head, last === undefined ? null : bytes(last[0]), readTile, options);
  if (options.highWater === undefined) return null;
  const mark = readHighWater(options.highWater, options);
  if (mark === null) return null;
  const before = await readTiles(query, edgeTiles(mark.size));
  return forkDanger(head, mark, (level, index) => before.get(`${level}/${index}`), options);
}

function highWaterOf({ highWater }: PostgresOptions): ReturnType<typeof createHighWater> | null {
  return highWater === undefined ? null : createHighWater(highWater);
}
