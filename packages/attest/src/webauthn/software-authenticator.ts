import { createPublicKey, hash, type KeyObject, sign } from 'node:crypto';
import type { Assertion } from '@writ/core';
import { EvidenceError } from '../evidence-error.ts';
import type { CeremonyType } from './client-data.ts';
import type { Registration } from './verify-registration.ts';

export interface SoftwareAuthenticatorOptions {
  /** of P-256 */
  readonly privateKey: KeyObject;
  /** credential id: 16 to 64 random bytes */
  readonly id: Uint8Array;
  readonly rpId: string;
  /** of the page the passkey is used on: there is no browser to say so */
  readonly origin: string;
}

/** A passkey in software, with the browser it is used in. */
export interface SoftwareAuthenticator {
  /** credential id, base64url */
  readonly id: string;
  register(challenge: Uint8Array): Registration;
  assert(challenge: Uint8Array): Assertion;
}

/** Flags UP and UV; with a credential, AT too. */
const HERE_AND_KNOWN = 0x05;
const WITH_CREDENTIAL = 0x45;
const NO_COUNT = Buffer.alloc(4);
const NO_AAGUID = Buffer.alloc(16);
/** CBOR `{fmt: "none", attStmt: {}, authData: h'…'}`: all but the last length and the bytes. */
const OBJECT_HEAD = Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex');
/** CBOR `{1: 2, 3: -7, -1: 1, -2: x, -3: y}`: what comes before either coordinate. */
const KEY_HEAD = Buffer.from('a5010203262001215820', 'hex');
const KEY_MIDDLE = Buffer.from('225820', 'hex');

/**
 * An authenticator that consents to everything: it asks nobody, and says that it did. It is for sample people, whose
 * keys lie beside the server; a person's own key has no business in it.
 *
 * @throws EvidenceError `key` or `malformed` where the options are not as they must be
 */
export function createSoftwareAuthenticator(options: SoftwareAuthenticatorOptions): SoftwareAuthenticator {
  const { privateKey, rpId, origin } = options;
  const id = Buffer.from(options.id);
  if (id.length < 16 || id.length > 64)
    throw new EvidenceError('malformed', 'give the passkey an id of 16 to 64 bytes');
  const publicKey = coseKey(privateKey);
  const rpIdHash = hash('sha256', rpId, 'buffer');
  return {
    id: id.toString('base64url'),
    register(challenge) {
      const length = Buffer.of(0, id.length);
      const flags = Buffer.of(WITH_CREDENTIAL);
      const data = Buffer.concat([rpIdHash, flags, NO_COUNT, NO_AAGUID, length, id, publicKey]);
      return {
        clientDataJson: clientData('webauthn.create', challenge, origin).toString('base64url'),
        attestationObject: Buffer.concat([OBJECT_HEAD, Buffer.of(data.length), data]).toString('base64url'),
      };
    },
    assert(challenge) {
      const client = clientData('webauthn.get', challenge, origin);
      const data = Buffer.concat([rpIdHash, Buffer.of(HERE_AND_KNOWN), NO_COUNT]);
      const signature = sign('sha256', Buffer.concat([data, hash('sha256', client, 'buffer')]), privateKey);
      return {
        authenticator: id.toString('base64url'),
        clientDataJson: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
      };
    },
  };
}

/** Section 5.8.1.1. */
function clientData(type: CeremonyType, challenge: Uint8Array, origin: string): Buffer {
  const text = Buffer.from(challenge).toString('base64url');
  return Buffer.from(JSON.stringify({ type, challenge: text, origin, crossOrigin: false }));
}

function coseKey(privateKey: KeyObject): Buffer {
  const { crv, x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (crv !== 'P-256') throw new EvidenceError('key', 'give the passkey a key of P-256');
  return Buffer.concat([KEY_HEAD, Buffer.from(x, 'base64url'), KEY_MIDDLE, Buffer.from(y, 'base64url')]);
}
