import { type Commit, type CommitResult, WritError } from '@writ/core';
import { admit } from './admit.ts';

/** The most commits in one transaction. */
export const MAX_BATCH = 512;
/** How long (milliseconds) commits wait for the others that are expected. */
const WINDOW = 2;

/** Makes a batch durable and answers for each of its commits, in order. It never runs twice at once. */
export type RunBatch = (
  commits: readonly Commit[],
) => Promise<readonly CommitResult[]> | readonly CommitResult[];

export interface Committer {
  commit(commit: Commit): Promise<CommitResult>;
  /** Refuses what comes from now on; resolves when all that waited is decided. */
  close(): Promise<void>;
}

interface Waiting {
  readonly commit: Commit;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: WritError) => void;
}

/**
 * Group commit. What arrives while a batch is in flight becomes the next one. An idle committer flushes on the next
 * turn of the event loop, unless the last batch held several commits: then their senders are on their way again, and
 * it waits for most of them, `WINDOW` at most. A single sender never waits.
 */
export function createCommitter(run: RunBatch): Committer {
  const queue: Waiting[] = [];
  let expected = 1;
  let inFlight = false;
  let closed = false;
  let immediate: NodeJS.Immediate | null = null;
  let timer: NodeJS.Timeout | null = null;
  let drained: (() => void) | null = null;

  return {
    async commit(commit) {
      admit(commit);
      if (closed) throw new WritError('unavailable', 'the store is closed: open it again to write');
      return new Promise<CommitResult>((resolve, reject) => {
        queue.push({ commit, resolve, reject });
        schedule();
      });
    },
    async close() {
      closed = true;
      if (queue.length === 0 && !inFlight) return;
      schedule();
      await new Promise<void>((resolve) => {
        drained = resolve;
      });
    },
  };

  function schedule(): void {
    if (inFlight || immediate !== null || queue.length === 0) return;
    if (closed || queue.length >= Math.min(expected, MAX_BATCH)) {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      immediate = setImmediate(() => void flush());
    } else {
      timer ??= setTimeout(() => void flush(), WINDOW);
    }
  }

  async function flush(): Promise<void> {
    immediate = null;
    timer = null;
    const batch = queue.splice(0, MAX_BATCH);
    expected = Math.ceil((batch.length * 3) / 4);
    inFlight = true;
    try {
      const results = await run(batch.map(({ commit }) => commit));
      for (const [i, { resolve, reject }] of batch.entries()) {
        const result = results[i];
        if (result === undefined) reject(unavailable(new Error('the driver gave no result')));
        else resolve(result);
      }
    } catch (cause) {
      for (const { reject } of batch) reject(unavailable(cause));
    }
    inFlight = false;
    if (queue.length > 0) schedule();
    else drained?.();
  }
}

function unavailable(cause: unknown): WritError {
  if (cause instanceof WritError && cause.code === 'unavailable') return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new WritError('unavailable', `the store could not write: ${why}`, { cause });
}
