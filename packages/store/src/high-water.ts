import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { WritError } from '@writ/core';
import { type Checkpoint, LedgerError, openCheckpoint } from '@writ/ledger';
import type { LogOptions } from './log-options.ts';

/** How often (milliseconds) the mark is written at most: an fsync for each publication would double its cost. */
const INTERVAL = 1000;

/**
 * The newest checkpoint known to have been published, kept outside the database: a database restored from an older
 * backup is then seen to be older. The mark may lag by `INTERVAL`, never lead.
 */
export interface HighWater {
  /** Remembers a checkpoint that is durable in the database. */
  raise(checkpoint: string): void;
  /** Writes what is not written yet. */
  close(): Promise<void>;
}

export function createHighWater(path: string): HighWater {
  let newest: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  return {
    raise(checkpoint) {
      newest = checkpoint;
      timer ??= setTimeout(write, INTERVAL).unref();
    },
    async close() {
      if (timer !== null) clearTimeout(timer);
      write();
      await writing;
    },
  };

  // A mark that could not be written makes a later restore harder to notice; it is no reason to stop issuing.
  function write(): void {
    timer = null;
    if (newest === null) return;
    const checkpoint = newest;
    newest = null;
    writing = writing.then(() => replace(path, checkpoint)).catch(() => undefined);
  }
}

/**
 * The mark left by an earlier run, or null where there is none.
 *
 * @throws WritError `verification-failed` when the file is not a checkpoint signed by this log
 */
export function readHighWater(
  path: string,
  log: Pick<LogOptions, 'origin' | 'verifiers'>,
): Checkpoint | null {
  try {
    return openCheckpoint(readFileSync(path, 'utf8'), log.origin, log.verifiers);
  } catch (cause) {
    if (cause instanceof LedgerError) {
      throw new WritError(
        'verification-failed',
        `the high-water mark \`${path}\` is not a checkpoint of this log: ${cause.message}`,
        { cause },
      );
    }
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw cause;
  }
}

// Crash before the rename: the old mark stands. After it: the new one, whole.
async function replace(path: string, text: string): Promise<void> {
  const next = `${path}.next`;
  const file = await open(next, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
}
