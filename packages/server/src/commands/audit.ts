import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WritError } from '@writ/core';
import {
  ed25519Verifier,
  type Finding,
  type NoteVerifier,
  openCheckpoint,
  parseVerifierKey,
  startAudit,
} from '@writ/ledger';
import { MAX_ENTRIES, type Reader } from '@writ/store';
import { openSqliteReader, sha256 } from '../compose.ts';
import { verifyEd25519 } from '../log-key.ts';

export interface AuditReport {
  readonly origin: string;
  readonly size: number;
  readonly findings: readonly Finding[];
}

/**
 * Reads a whole store, rebuilds its log by a second path and checks every leaf and record. It opens the database for
 * reading alone, so it may run beside the process that owns it. `progress` hears how many entries were read.
 */
export async function audit(
  dataPath: string,
  progress: (done: number, all: number) => void,
): Promise<AuditReport> {
  const data = resolve(dataPath);
  const database = join(data, 'writ.db');
  if (!existsSync(database))
    throw new WritError('unknown', `there is no store in \`${data}\`; name it with --data`);
  const { verifier, origin } = logVerifier(join(data, 'trust.policy'));
  using opened = openSqliteReader(database, sha256);
  const { checkpoint: note } = await opened.reader.tree();
  const checkpoint = openCheckpoint(note, origin, [verifier]);
  const tiles = await readTiles(opened.reader, checkpoint.size);
  const run = startAudit(sha256, {
    checkpoint,
    origin,
    readTile: (level, index) => tiles.get(`${level}/${index}`),
  });
  for (let from = 0; from < checkpoint.size; from += MAX_ENTRIES) {
    for (const { index, leaf, salt, record } of await opened.reader.entries(from, from + MAX_ENTRIES)) {
      if (index < checkpoint.size)
        run.add({ index, leaf, ...(salt === null ? {} : { salt }), ...(record === null ? {} : { record }) });
    }
    progress(Math.min(from + MAX_ENTRIES, checkpoint.size), checkpoint.size);
  }
  return { origin, size: checkpoint.size, findings: run.finish() };
}

function logVerifier(policy: string): { verifier: NoteVerifier; origin: string } {
  const line = existsSync(policy)
    ? readFileSync(policy, 'utf8')
        .split('\n')
        .find((each) => each.startsWith('log '))
    : undefined;
  const text = line?.split(' ')[1];
  if (text === undefined)
    throw new WritError('unknown', `\`${policy}\` names no log; it says whose checkpoints to believe`);
  const key = parseVerifierKey(sha256, text);
  return { verifier: ed25519Verifier(key, verifyEd25519), origin: key.name };
}

/** 32 bytes a leaf, read ahead because the auditor reads tiles without waiting. */
async function readTiles(reader: Reader, size: number): Promise<ReadonlyMap<string, Uint8Array>> {
  const tiles = new Map<string, Uint8Array>();
  for (let level = 0, width = size; width > 0; level++, width = Math.floor(width / 256)) {
    for (let index = 0; index * 256 < width; index++) {
      const tile = await reader.tile(level, index);
      if (tile !== null) tiles.set(`${level}/${index}`, tile);
    }
  }
  return tiles;
}
