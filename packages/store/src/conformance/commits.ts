import { randomBytes } from 'node:crypto';
import type { Commit, CommitResult, Inclusion, Loss, NewEntry, Row, Write } from '@writ/core';
import { encodeUtf8, recordCommitment } from '@writ/ledger';
import { START, sha256 } from './place.ts';

export const NOTHING: Commit = { expect: [], consume: [], append: null, write: [] };

export function commit(parts: Partial<Commit>): Commit {
  return { ...NOTHING, ...parts };
}

/** An issue entry whose record is about `subject`. */
export function entry(subject: string): NewEntry {
  const record = JSON.stringify({ subject });
  const salt = new Uint8Array(randomBytes(32));
  return {
    type: 'issue',
    flags: 1,
    identityTag: new Uint8Array(16).fill(7),
    record,
    salt,
    commitment: recordCommitment(sha256, salt, encodeUtf8(record)),
    tbsDigest: sha256(encodeUtf8(subject)),
  };
}

export function setCell(cell: string, value: string): Write {
  return { kind: 'cell', cell, value };
}

export function credential(id: string, changes: Partial<Row<'credentials'>> = {}): Write {
  const row: Row<'credentials'> = {
    id,
    run: `run-${id}`,
    identity: 'svc-payments',
    right_id: 'payments-deploy',
    kid: 'k1',
    holder: 'thumbprint',
    audience: 'https://payments.example',
    state: 'issued',
    issued_at: START,
    expires_at: START + 600_000,
    tbs_digest: 'ab'.repeat(32),
    body: JSON.stringify({ scopes: ['deploy'] }),
    ...changes,
  };
  return { kind: 'row', table: 'credentials', row };
}

export function run(id: string, changes: Partial<Row<'runs'>> = {}): Write {
  const row: Row<'runs'> = {
    id,
    identity: 'svc-payments',
    flow: 'ci-deploy',
    pinned: 'cd'.repeat(32),
    plan: 'ef'.repeat(32),
    holder: 'thumbprint',
    state: 'issued',
    opened_at: START,
    due_at: 0,
    body: '{}',
    ...changes,
  };
  return { kind: 'row', table: 'runs', row };
}

/** The commit of one token: an entry, a run, a credential, two keys spent, and seven cells compared. */
export function issuance(id: string): Commit {
  return {
    expect: [
      'artefacts',
      'identity:svc-payments',
      'freeze:everything',
      'freeze:a',
      'freeze:b',
      'freeze:c',
      'key:k1',
    ].map((cell) => ({ kind: 'cell', cell, is: null })),
    consume: [
      { key: `jti:${id}`, holder: null, until: START + 600_000 },
      { key: `dpop:${id}`, holder: null, until: START + 60_000 },
    ],
    append: entry(id),
    write: [run(`run-${id}`), credential(id)],
  };
}

/** The loss of a result, or null when it was committed. */
export function lossOf(result: CommitResult): Loss | null {
  return result.outcome === 'lost' ? result.loss : null;
}

export function inclusionOf(result: CommitResult): Inclusion {
  if (result.outcome === 'lost') throw new Error(`lost: ${JSON.stringify(result.loss)}`);
  if (result.inclusion === null) throw new Error('nothing was appended');
  return result.inclusion;
}

export function timeOf(result: CommitResult): number {
  if (result.outcome === 'lost') throw new Error(`lost: ${JSON.stringify(result.loss)}`);
  return result.timeMs;
}

/** `count` values made by number. */
export function many<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}
