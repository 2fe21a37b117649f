import { canonicalJson, type Json, type NewEntry, utf8 } from '@writ/core';
import {
  CREDENTIAL_CLASSES,
  type CredentialClass,
  type LeafType,
  parseRecord,
  recordCommitment,
} from '@writ/ledger';
import type { Ports } from './ports.ts';

const DEV = 0x100;
const UNATTENDED = 0x200;

/** What an entry says beside its record. */
export interface EntryMarks {
  readonly credentialClass?: CredentialClass;
  readonly dev?: boolean;
  readonly unattended?: boolean;
  readonly identityTag?: Uint8Array | null;
  readonly tbsDigest?: Uint8Array | null;
}

/**
 * A ledger entry from its record. The record is held to the ledger's own shape first, so that nothing can be logged
 * that the auditor does not understand.
 */
export function newEntry(
  { now, ids, sha256 }: Pick<Ports, 'now' | 'ids' | 'sha256'>,
  type: LeafType,
  record: Readonly<Record<string, Json>>,
  marks: EntryMarks = {},
): NewEntry {
  const text = canonicalJson({ requested_at_ms: now(), ...record, type });
  const salt = ids.salt();
  parseRecord(text);
  const {
    credentialClass = 'none',
    dev = false,
    unattended = false,
    identityTag = null,
    tbsDigest = null,
  } = marks;
  const flags = CREDENTIAL_CLASSES.indexOf(credentialClass) | (dev ? DEV : 0) | (unattended ? UNATTENDED : 0);
  return {
    type,
    flags,
    identityTag,
    record: text,
    salt,
    commitment: recordCommitment(sha256, salt, utf8(text)),
    tbsDigest,
  };
}
