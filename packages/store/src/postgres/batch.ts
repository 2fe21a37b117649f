import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Commit, type CommitResult, WritError } from '@writ/core';
import { encodeHex } from '@writ/ledger';
import type { Client } from 'pg';
import { checkHead, type StoredHead, treeOf } from '../edge-check.ts';
import type { LogOptions } from '../log-options.ts';
import type { TreeHead } from '../port.ts';
import { type Settlement, settle } from '../settle.ts';
import { wantedBy } from '../wanted.ts';
import type { WriteConnection } from './connection.ts';
import { load, lock } from './load.ts';
import { forget, write } from './write.ts';

/** Keys are remembered so much longer (milliseconds) than they must: another clock may be behind ours. */
const FORGET_AFTER = 60_000;
/** How long (milliseconds) the outcome of a COMMIT without an answer is asked for. */
const OUTCOME_LIMIT = 10_000;

type Mark = Pick<TreeHead, 'size' | 'root'>;

/**
 * One batch at a time in this process, and among all replicas the one that holds the row lock of the tree. There is no
 * leader and no lease: whoever gets the lock continues from what the row says.
 */
export function createBatch(
  connection: WriteConnection,
  seen: Mark,
  danger: string | null,
  options: LogOptions,
  published: (checkpoint: string) => void,
): (commits: readonly Commit[]) => Promise<readonly CommitResult[]> {
  const { now, fault } = options;
  let mark = seen;
  let refusal = danger;
  let forgotten = -Infinity;

  return async (commits) => {
    if (refusal !== null) throw new WritError('unavailable', refusal);
    const client = await connection.get();
    const id = randomUUID();
    let ending: Settlement | null = null;
    try {
      const head = await lock(client);
      fault?.('locked');
      catchUp(head);
      const loaded = await load(client, wantedBy(commits));
      fault?.('loaded');
      const at = now();
      const settlement = settle(
        commits,
        { tree: treeOf(head), timeMs: head.timeMs, loaded, now: at },
        options,
      );
      fault?.('settled');
      if (settlement.idle) {
        await client.query('ROLLBACK');
        return settlement.results;
      }
      await write(client, settlement, { id, at });
      await forgetSometimes(client, at);
      fault?.('written');
      ending = settlement;
      const { command } = await client.query('COMMIT');
      if (command !== 'COMMIT') throw new WritError('unavailable', 'the server rolled the batch back');
      done(settlement);
      fault?.('committed');
      return settlement.results;
    } catch (cause) {
      await connection.drop();
      // Before COMMIT was sent, the lost connection has undone the batch. After that, only the database knows.
      if (ending === null || !(await happened(connection, id))) throw cause;
      done(ending);
      return ending.results;
    }
  };

  /** Other replicas may have appended: what they left must be signed, and go on from what was seen here. */
  function catchUp(head: StoredHead): void {
    const sameRoot = encodeHex(head.root) === encodeHex(mark.root);
    if (head.size === mark.size && sameRoot) return;
    refusal = head.size > mark.size ? unsigned(head, options) : rolledBack(head, mark);
    if (refusal !== null) throw new WritError('unavailable', refusal);
    mark = head;
  }

  function done({ grown }: Settlement): void {
    if (grown === null) return;
    mark = { size: grown.tree.size, root: grown.root };
    published(grown.checkpoint);
  }

  async function forgetSometimes(client: Client, at: number): Promise<void> {
    if (Math.abs(at - forgotten) < FORGET_AFTER) return;
    forgotten = at;
    await forget(client, at - FORGET_AFTER);
  }
}

function unsigned(head: StoredHead, options: LogOptions): string | null {
  try {
    checkHead(head, options);
    return null;
  } catch (cause) {
    if (cause instanceof WritError) return cause.message;
    throw cause;
  }
}

function rolledBack(head: Mark, mark: Mark): string {
  const found = head.size < mark.size ? `ends at ${head.size}` : 'holds another history';
  return (
    `fork danger: entry ${mark.size} was published, and the database ${found}: ` +
    'fail back to the newest server, or recover under a new log name'
  );
}

/**
 * Whether a batch whose COMMIT was sent took place. The lock is taken first: the old connection may still be at it.
 *
 * @throws WritError `unavailable` when the database cannot be asked
 */
async function happened(connection: WriteConnection, id: string): Promise<boolean> {
  const until = performance.now() + OUTCOME_LIMIT;
  for (;;) {
    try {
      const client = await connection.get();
      await lock(client);
      const { rowCount } = await client.query('SELECT 1 FROM writ.batches WHERE id = $1', [id]);
      await client.query('ROLLBACK');
      return rowCount === 1;
    } catch (cause) {
      await connection.drop();
      if (performance.now() > until) {
        throw new WritError(
          'unavailable',
          'the database was lost during COMMIT: the commit may be found to have happened, and nothing was signed for it',
          { cause },
        );
      }
      await sleep(100);
    }
  }
}
