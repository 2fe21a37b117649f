import { hash } from 'node:crypto';
import { EvidenceError } from '../evidence-error.ts';
import { type CborMap, isCborMap, readCbor } from './cbor.ts';

/** Section 6.1, read and not yet checked. */
export interface AuthenticatorData {
  /** SHA-256 of the host that the passkey is for */
  readonly rpIdHash: Buffer;
  /** somebody touched the authenticator */
  readonly userPresent: boolean;
  /** the authenticator knew them: by finger, face or PIN */
  readonly userVerified: boolean;
  /** the passkey may be copied to other devices */
  readonly backupEligible: boolean;
  /** it has been */
  readonly backedUp: boolean;
  /** 0 where the authenticator does not count, as most that sync do not */
  readonly signCount: number;
  /** the new credential, in a registration */
  readonly credential: { readonly id: Buffer; readonly publicKey: CborMap } | null;
}

/** Bits of `flags`. The two that are reserved are passed over: so began backup eligibility. */
const UP = 0x01;
const UV = 0x04;
const BE = 0x08;
const BS = 0x10;
const AT = 0x40;
const ED = 0x80;

const FLAGS_AT = 32;
const COUNT_AT = 33;
const REST_AT = 37;
const AAGUID_BYTES = 16;

/**
 * Lays authenticator data open, to its last byte: what `flags` announce is there and nothing else. Extensions are read
 * and passed over.
 *
 * @throws EvidenceError `malformed`
 */
export function parseAuthenticatorData(bytes: Buffer): AuthenticatorData {
  if (bytes.length < REST_AT) throw malformed(`is shorter than ${REST_AT} bytes`);
  const flags = bytes.readUInt8(FLAGS_AT);
  const attested = (flags & AT) === 0 ? null : readCredential(bytes, REST_AT);
  const extensionsAt = attested?.end ?? REST_AT;
  const end = (flags & ED) === 0 ? extensionsAt : readMapAt(bytes, extensionsAt).end;
  if (end !== bytes.length) throw malformed(`goes on after its end at ${end}`);
  return {
    rpIdHash: bytes.subarray(0, FLAGS_AT),
    userPresent: (flags & UP) !== 0,
    userVerified: (flags & UV) !== 0,
    backupEligible: (flags & BE) !== 0,
    backedUp: (flags & BS) !== 0,
    signCount: bytes.readUInt32BE(COUNT_AT),
    credential: attested && { id: attested.id, publicKey: attested.publicKey },
  };
}

/**
 * Checks what sections 7.1 and 7.2 ask of both ceremonies: made for this host, by a person whom the authenticator knew,
 * and no copy without leave to copy.
 *
 * @throws EvidenceError `audience` or `claim`
 */
export function checkAuthenticatorData(data: AuthenticatorData, rpId: string): void {
  if (rpId === '' || !data.rpIdHash.equals(hash('sha256', rpId, 'buffer'))) {
    throw new EvidenceError('audience', 'passkey is of another host', { claim: 'rpIdHash' });
  }
  if (!data.userPresent) {
    throw new EvidenceError('claim', 'authenticator says that nobody was there', { claim: 'UP' });
  }
  if (!data.userVerified) {
    throw new EvidenceError('claim', 'authenticator did not verify its user: set a PIN, finger or face', {
      claim: 'UV',
    });
  }
  if (data.backedUp && !data.backupEligible) {
    throw new EvidenceError('claim', 'authenticator says it copied what cannot be copied', { claim: 'BS' });
  }
}

/** Section 6.5.1: AAGUID, length of the id, id, public key. Behind the end there is no key. */
function readCredential(bytes: Buffer, at: number) {
  const lengthAt = at + AAGUID_BYTES;
  const idAt = lengthAt + 2;
  if (bytes.length < idAt) throw malformed('ends inside the credential');
  const keyAt = idAt + bytes.readUInt16BE(lengthAt);
  const { map, end } = readMapAt(bytes, keyAt);
  return { id: bytes.subarray(idAt, keyAt), publicKey: map, end };
}

function readMapAt(bytes: Buffer, at: number): { readonly map: CborMap; readonly end: number } {
  const { value, end } = readCbor(bytes, at);
  if (!isCborMap(value)) throw malformed(`has no map at ${at}`);
  return { map: value, end };
}

function malformed(why: string): EvidenceError {
  return new EvidenceError('malformed', `authenticator data ${why}`);
}
