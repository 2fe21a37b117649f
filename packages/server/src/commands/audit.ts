import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EvidenceError } from '@writ/attest';
import { WritError } from '@writ/core';
import {
  type Checkpoint,
  ed25519Verifier,
  type Finding,
  type NoteVerifier,
  openCheckpoint,
  parseVerifierKey,
  startAudit,
  type VerifyAssertion,
} from '@writ/ledger';
import { MAX_ENTRIES, type Reader } from '@writ/store';
import { compose, openSqliteReader, sha256, verifyAssertion } from '../compose.ts';
import { readConfig } from '../config.ts';
import { openDataDirectory } from '../data-directory.ts';
import { verifyEd25519 } from '../log-key.ts';

export interface AuditReport {
  readonly origin: string;
  readonly size: number;
  readonly findings: readonly Finding[];
}

export interface AuditOptions {
  /** the data directory */
  readonly data: string;
  /** the directory with `writ.yaml`, which says where the store is; without it, in the data directory */
  readonly directory?: string | undefined;
}

/**
 * Reads a whole store, rebuilds its log by a second path and checks every leaf and record. It reads alone, so it may run
 * beside the process that owns the store. `progress` hears how many entries were read.
 */
export async function audit(
  options: AuditOptions,
  progress: (done: number, all: number) => void,
): Promise<AuditReport> {
  const data = resolve(options.data);
  const { verifier, origin } = logVerifier(join(data, 'trust.policy'));
  // Before the tree: a server that runs beside us publishes more meanwhile, never less.
  const known = published(data, origin, verifier);
  await using opened = await openReader(data, options.directory);
  const { checkpoint: note } = await opened.reader.tree();
  const checkpoint = openCheckpoint(note, origin, [verifier]);
  const tiles = await readTiles(opened.reader, checkpoint.size);
  const readTile = (level: number, index: number): Uint8Array | undefined => tiles.get(`${level}/${index}`);
  const run = startAudit(sha256, { checkpoint, origin, verifyAssertion: verifies, readTile, known });
  for (let from = 0; from < checkpoint.size; from += MAX_ENTRIES) {
    for (const { index, leaf, salt, record } of await opened.reader.entries(from, from + MAX_ENTRIES)) {
      if (index >= checkpoint.size) continue;
      run.add({ index, leaf, ...(salt === null ? {} : { salt }), ...(record === null ? {} : { record }) });
    }
    progress(Math.min(from + MAX_ENTRIES, checkpoint.size), checkpoint.size);
  }
  return { origin, size: checkpoint.size, findings: run.finish() };
}

/** The verifier of passkeys, which throws, as the auditor asks it. What is broken in it or in us is not a verdict. */
const verifies: VerifyAssertion = (publicJwk, expected, assertion) => {
  const given = {
    authenticator: assertion.authenticator,
    clientDataJson: assertion.client_data_json,
    authenticatorData: assertion.authenticator_data,
    signature: assertion.signature,
  };
  try {
    verifyAssertion(given, { ...expected, publicJwk });
    return true;
  } catch (error) {
    if (error instanceof EvidenceError) return false;
    throw error;
  }
};

/** The newest checkpoints that were published, as the stores keep them beside the data: they show a log that was rolled back. */
function published(data: string, origin: string, verifier: NoteVerifier): readonly Checkpoint[] {
  const { database, highWater } = openDataDirectory(data);
  return [`${database}.high-water`, highWater]
    .filter((path) => existsSync(path))
    .map((path) => openCheckpoint(readFileSync(path, 'utf8'), origin, [verifier]));
}

interface Opened extends AsyncDisposable {
  readonly reader: Reader;
}

/** The embedded store is opened read-only; a shared one as a replica that commits nothing. */
async function openReader(data: string, directory: string | undefined): Promise<Opened> {
  const config = directory === undefined ? null : readConfig(directory);
  if (config?.store.kind === 'postgres') {
    const house = await compose(config, openDataDirectory(data), () => undefined, Date.now);
    return { reader: house.store.read, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() };
  }
  const database = join(data, 'writ.db');
  if (!existsSync(database)) {
    throw new WritError('unknown', `there is no store in \`${data}\`; name it with --data`);
  }
  const opened = openSqliteReader(database, sha256);
  return { reader: opened.reader, [Symbol.asyncDispose]: async () => opened[Symbol.dispose]() };
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
