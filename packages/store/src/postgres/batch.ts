import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Commit, type CommitResult, WritError } from '@writ/core';
import type { Client } from 'pg';
import { treeOf } from '../edge-check.ts';
import type { LogOptions } from '../log-options.ts';
import { type Ground, type Settlement, settle } from '../settle.ts';
import { wantedBy } from '../wanted.ts';
import type { WriteConnection } from './connection.ts';
import type { Continuity } from './continuity.ts';
import { load, lock } from './load.ts';
import { forget, write } from './write.ts';

/** Keys are remembered so much longer (milliseconds) than they must: another clock may be behind ours. */
const FORGET_AFTER = 60_000;
/** How long (milliseconds) the outcome of a COMMIT without an answer is asked for. */
const OUTCOME_LIMIT = 10_000;

/**
 * One batch at a time in this process, and among all replicas the one that holds the row lock of the tree. There is no
 * leader and no lease: whoever gets the lock continues from what the row says.
 */
export function createBatch(
  connection: WriteConnection,
  continuity: Continuity,
  options: LogOptions,
  published: (checkpoint: string) => void,
): (commits: readonly Commit[]) => Promise<readonly CommitResult[]> {
  const { now, fault } = options;
  const forgetSometimes = forgetting();
  const done = ({ grown, results }: Settlement): readonly CommitResult[] => {
    if (grown !== null) {
      continuity.reached({ size: grown.tree.size, root: grown.root });
      published(grown.checkpoint);
    }
    return results;
  };

  return async (commits) => {
    continuity.check();
    const client = await connection.get();
    const id = randomUUID();
    let ending: Settlement | null = null;
    try {
      const head = await lock(client);
      fault?.('locked');
      continuity.catchUp(head);
      const loaded = await load(client, wantedBy(commits));
      fault?.('loaded');
      const ground: Ground = { tree: treeOf(head), timeMs: head.timeMs, loaded, now: now() };
      const settlement = settle(commits, ground, options);
      fault?.('settled');
      if (settlement.idle) {
        await client.query('ROLLBACK');
        return settlement.results;
      }
      await write(client, settlement, { id, at: ground.now });
      await forgetSometimes(client, ground.now);
      fault?.('written');
      ending = settlement;
      const { command } = await client.query('COMMIT');
      if (command !== 'COMMIT') throw new WritError('unavailable', 'the server rolled the batch back');
      fault?.('committed');
      return done(settlement);
    } catch (cause) {
      await connection.drop();
      // Before COMMIT was sent, the lost connection has undone the batch. After that, only the database knows.
      if (ending === null || !(await happened(connection, id))) throw cause;
      return done(ending);
    }
  };
}

/** Cleans up with the batch that happens to come a minute after the last cleaning, in its transaction. */
function forgetting(): (client: Client, now: number) => Promise<void> {
  let last = -Infinity;
  return async (client, now) => {
    if (Math.abs(now - last) < FORGET_AFTER) return;
    last = now;
    await forget(client, now - FORGET_AFTER);
  };
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
