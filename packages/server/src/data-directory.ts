import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WritError } from '@writ/core';

/** Where a process keeps what must survive it. */
export interface DataDirectory {
  readonly path: string;
  readonly database: string;
  readonly socket: string;
  readonly trustPolicy: string;
  readonly jwks: string;
  /** 32 bytes under which everything else is sealed */
  masterKey(): Buffer;
  readonly logKey: string;
  /** newest checkpoint seen, where the store is a database that somebody else may roll back */
  readonly highWater: string;
}

/** Opens or makes a data directory, for its owner alone. */
export function openDataDirectory(path: string): DataDirectory {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const keyPath = join(path, 'master.key');
  return {
    path,
    database: join(path, 'writ.db'),
    socket: join(path, 'control.sock'),
    trustPolicy: join(path, 'trust.policy'),
    jwks: join(path, 'jwks.json'),
    logKey: join(path, 'log.key'),
    highWater: join(path, 'high-water'),
    masterKey: () => (existsSync(keyPath) ? readKey(keyPath) : makeKey(keyPath, join(path, 'writ.db'))),
  };
}

function makeKey(path: string, database: string): Buffer {
  if (existsSync(database)) {
    throw new WritError(
      'unavailable',
      `\`${path}\` is gone, and the store's keys are sealed under it; restore it from your backup`,
    );
  }
  const key = randomBytes(32);
  writeFileSync(path, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}

function readKey(path: string): Buffer {
  const others = statSync(path).mode & 0o077;
  if (others !== 0) {
    throw new WritError(
      'unavailable',
      `\`${path}\` can be read by others; run \`chmod 600 ${path}\` and change the key if they may have`,
    );
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new WritError('unavailable', `\`${path}\` does not hold 32 bytes in base64`);
  return key;
}

/** Writes a file that others may not read, whole or not at all as far as readers in this process can tell. */
export function writePrivate(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}
