import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { WritError } from '@writ/core';

/**
 * Makes this process the only owner of a store, until it is disposed of or the process ends in any way.
 *
 * The lock is the operating system's, on a database of its own (`<path>.lock`): it dies with the process, also under
 * `kill -9`, so there is nothing stale to clean up. `<path>.holder` only says who it is; nobody decides by it.
 *
 * @throws WritError `conflict` that names the holder, at once; `unavailable` when the file cannot be made
 */
export function holdStore(path: string, now: number): Disposable {
  const lock = openLock(path);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new WritError(
      'conflict',
      `the store \`${path}\` is held by ${holder(path)}: stop that process, or open another store`,
      { cause },
    );
  }
  const since = new Date(now).toISOString();
  writeFileSync(`${path}.holder`, `process ${process.pid} on ${hostname()} since ${since}\n`, {
    mode: 0o600,
  });
  return { [Symbol.dispose]: () => lock.close() };
}

function openLock(path: string): DatabaseSync {
  try {
    return new DatabaseSync(`${path}.lock`, { timeout: 0 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WritError('unavailable', `the store \`${path}\` cannot be opened: ${why}`, { cause });
  }
}

function holder(path: string): string {
  try {
    return readFileSync(`${path}.holder`, 'utf8').trim();
  } catch {
    return 'another process';
  }
}
