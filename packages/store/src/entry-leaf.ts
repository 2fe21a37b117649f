import { type NewEntry, WritError } from '@writ/core';
import { CREDENTIAL_CLASSES, encodeLeaf, LEAF_TYPE_NAMES, LedgerError } from '@writ/ledger';

const CLASS_MASK = 0xff;
const DEV = 0x100;
const UNATTENDED = 0x200;

/**
 * The leaf of a new entry, stamped with the time it is committed at (milliseconds since the epoch).
 *
 * @throws WritError `invalid` when the entry makes no leaf
 */
export function leafOf(entry: NewEntry, timeMs: number): Uint8Array {
  const { flags } = entry;
  const type = LEAF_TYPE_NAMES.find((name) => name === entry.type);
  if (type === undefined) throw new WritError('invalid', `\`${entry.type}\` is not a type of ledger entry`);
  const credentialClass = CREDENTIAL_CLASSES[flags & CLASS_MASK];
  if (credentialClass === undefined || (flags & ~(CLASS_MASK | DEV | UNATTENDED)) !== 0) {
    throw new WritError('invalid', `\`${flags}\` are not the class and flags of a ledger entry`);
  }
  try {
    return encodeLeaf({
      type,
      timeMs,
      credentialClass,
      dev: (flags & DEV) !== 0,
      unattended: (flags & UNATTENDED) !== 0,
      identityTag: entry.identityTag,
      record: entry.commitment,
      tbs: entry.tbsDigest,
    });
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new WritError('invalid', `the ledger entry makes no leaf: ${cause.message}`, { cause });
  }
}
