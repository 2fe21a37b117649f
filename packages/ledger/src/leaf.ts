import { isZero } from './bytes.ts';
import {
  CREDENTIAL_CLASSES,
  type CredentialClass,
  type FieldUse,
  LEAF_TYPES,
  type LeafType,
  leafTypeOf,
} from './leaf-type.ts';
import { LedgerError } from './ledger-error.ts';

/** Bytes of every leaf. */
export const LEAF_SIZE = 90;
/** Bytes of the opaque tag of an identity. */
export const IDENTITY_TAG_SIZE = 16;

/**
 * The public entry of the log: no name, audience, owner or secret fits into it.
 * `u8 version | u8 type | u48 time | u16 class and flags | 16 B identity tag | 32 B record | 32 B tbs`
 */
export interface Leaf {
  readonly type: LeafType;
  /** Milliseconds since the epoch, below 2^48. */
  readonly timeMs: number;
  readonly credentialClass: CredentialClass;
  /** The artefact set in force was switched in development mode. */
  readonly dev: boolean;
  /** No person approved. */
  readonly unattended: boolean;
  /** 16 bytes made by the caller with the log's secret, or null where the type uses none. */
  readonly identityTag: Uint8Array | null;
  /** 32 bytes of `recordCommitment`. */
  readonly record: Uint8Array;
  /** 32 bytes of `tbsDigest`, or null where the type uses none. */
  readonly tbs: Uint8Array | null;
}

const VERSION = 1;
const DEV = 0x0100;
const UNATTENDED = 0x0200;
const MAX_TIME = 2 ** 48 - 1;
const AT = { type: 1, time: 2, flags: 8, tag: 10, record: 26, tbs: 58 } as const;

/**
 * The 90 bytes of a leaf.
 *
 * @throws LedgerError `leaf-malformed` when a field its type does not use is filled, or one it needs is not
 */
export function encodeLeaf(leaf: Leaf): Uint8Array {
  checkUses(leaf);
  checkTime(leaf.timeMs);
  const bytes = new Uint8Array(LEAF_SIZE);
  bytes[0] = VERSION;
  bytes[AT.type] = LEAF_TYPES[leaf.type].number;
  let rest = leaf.timeMs;
  for (let i = AT.flags - 1; i >= AT.time; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[AT.flags] = ((leaf.dev ? DEV : 0) | (leaf.unattended ? UNATTENDED : 0)) >> 8;
  bytes[AT.flags + 1] = CREDENTIAL_CLASSES.indexOf(leaf.credentialClass);
  put(bytes, AT.tag, leaf.identityTag, IDENTITY_TAG_SIZE, 'identity tag');
  put(bytes, AT.record, leaf.record, 32, 'record commitment');
  put(bytes, AT.tbs, leaf.tbs, 32, 'tbs digest');
  return bytes;
}

/**
 * Reads a leaf strictly: what it accepts, `encodeLeaf` writes back byte for byte.
 *
 * @throws LedgerError `leaf-malformed`
 */
export function decodeLeaf(bytes: Uint8Array): Leaf {
  if (bytes.length !== LEAF_SIZE) throw malformed(`it has ${bytes.length} bytes, expected ${LEAF_SIZE}`);
  if (bytes[0] !== VERSION) throw malformed(`version ${bytes[0]} is not known`);
  const type = leafTypeOf(bytes[AT.type] ?? 0);
  if (type === null) throw malformed(`type ${bytes[AT.type]} is not known`);
  let timeMs = 0;
  for (const byte of bytes.subarray(AT.time, AT.flags)) timeMs = timeMs * 256 + byte;
  const flags = (bytes[AT.flags] ?? 0) << 8;
  if ((flags & ~(DEV | UNATTENDED)) !== 0) throw malformed('a flag that means nothing is set');
  const credentialClass = CREDENTIAL_CLASSES[bytes[AT.flags + 1] ?? 0];
  if (credentialClass === undefined) throw malformed(`credential class ${bytes[AT.flags + 1]} is not known`);
  const leaf: Leaf = {
    type,
    timeMs,
    credentialClass,
    dev: (flags & DEV) !== 0,
    unattended: (flags & UNATTENDED) !== 0,
    identityTag: take(bytes, AT.tag, IDENTITY_TAG_SIZE),
    record: new Uint8Array(bytes.subarray(AT.record, AT.tbs)),
    tbs: take(bytes, AT.tbs, 32),
  };
  if (isZero(leaf.record)) throw malformed('the record commitment is zero');
  checkUses(leaf);
  return leaf;
}

function checkUses(leaf: Leaf): void {
  const facts = LEAF_TYPES[leaf.type];
  checkUse(leaf.type, 'credential class', facts.credentialClass, leaf.credentialClass !== 'none');
  checkUse(leaf.type, 'dev flag', facts.dev, leaf.dev);
  checkUse(leaf.type, 'unattended flag', facts.unattended, leaf.unattended);
  checkUse(leaf.type, 'identity tag', facts.identityTag, leaf.identityTag !== null);
  checkUse(leaf.type, 'tbs digest', facts.tbs, leaf.tbs !== null);
}

function checkUse(type: LeafType, field: string, use: FieldUse, filled: boolean): void {
  if (use === 'always' && !filled) throw malformed(`type ${type} needs a ${field}`);
  if (use === 'never' && filled) throw malformed(`type ${type} has no ${field}`);
}

function checkTime(timeMs: number): void {
  if (!Number.isInteger(timeMs) || timeMs < 0 || timeMs > MAX_TIME) {
    throw malformed(`time \`${timeMs}\` is not a whole number of milliseconds below 2^48`);
  }
}

// Zero bytes mean "not used", so a value of zeroes would read back as another leaf.
function put(bytes: Uint8Array, at: number, value: Uint8Array | null, size: number, what: string): void {
  if (value === null) return;
  if (value.length !== size) throw malformed(`the ${what} has ${value.length} bytes, expected ${size}`);
  if (isZero(value)) throw malformed(`the ${what} is zero`);
  bytes.set(value, at);
}

function take(bytes: Uint8Array, at: number, size: number): Uint8Array | null {
  const value = new Uint8Array(bytes.subarray(at, at + size));
  return isZero(value) ? null : value;
}

function malformed(why: string): LedgerError {
  return new LedgerError('leaf-malformed', `leaf is malformed: ${why}`);
}
