import { canonicalJson, type Json, type NewEntry } from '@writ/core';
import {
  CREDENTIAL_CLASSES,
  type CredentialClass,
  encodeUtf8,
  type LeafType,
  parseRecord,
  readRecord,
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
  const complete = { requested_at_ms: now(), ...record, type };
  const text = canonicalJson(complete);
  const salt = ids.salt();
  // The shape of an issuance is closed, texts and whole numbers all the way down, so its value says all that its text
  // would. Others carry members of any shape, and are read back from the text that is committed to.
  if (type === 'issue') readRecord(complete);
  else parseRecord(text);
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
    commitment: recordCommitment(sha256, salt, encodeUtf8(text)),
    tbsDigest,
  };
}
