import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';
import type { Registration } from '@writ/attest/webauthn';
import type { Assertion } from '@writ/core';
import { type CborEntries, cborMap, type Writable, writeCbor } from './write-cbor.ts';

export type PasskeyAlgorithm = 'ES256' | 'EdDSA' | 'RS256';

export interface SoftwarePasskeyOptions {
  readonly rpId: string;
  readonly origin: string;
  /** what key and id are made from, but for RS256, whose key is new each time; default: another one each time */
  readonly seed?: string;
  /** default ES256 */
  readonly alg?: PasskeyAlgorithm;
}

/** What browser and authenticator say otherwise than they should, in one ceremony. */
export interface Ceremony {
  /** merged over `type`, `challenge`, `origin` and `crossOrigin`; `undefined` takes one away; bytes are all of it, verbatim */
  readonly clientData?: Readonly<Record<string, unknown>> | Uint8Array;
  /** what the host's hash is of */
  readonly rpId?: string;
  /** bits of section 6.1; default UP and UV, and AT where there is a credential; ED with `extensions` */
  readonly flags?: number;
  /** default 0 */
  readonly signCount?: number;
  readonly extensions?: Writable;
  /** bytes behind the end of the authenticator data */
  readonly behind?: Uint8Array;
  /** signs instead */
  readonly key?: KeyObject;
  /** what becomes of the signature */
  readonly signature?: (signature: Buffer) => Uint8Array;
}

export interface NewCredential extends Ceremony {
  /** default `none`; for `packed` the key signs its own statement (section 8.2) */
  readonly fmt?: 'none' | 'packed';
  readonly id?: Uint8Array;
  /** default 16 zeros */
  readonly aaguid?: Uint8Array;
  readonly coseKey?: Writable;
  /** makes the attestation object of its three members */
  readonly object?: (fmt: string, statement: CborEntries, authenticatorData: Buffer) => Writable;
}

/** A passkey whose user always consents, and whose owner may misbehave. */
export interface SoftwarePasskey {
  /** credential id, base64url */
  readonly id: string;
  readonly alg: PasskeyAlgorithm;
  readonly privateKey: KeyObject;
  /** required members */
  readonly publicJwk: Readonly<Record<string, string>>;
  /** RFC 9052 §7 */
  readonly coseKey: CborEntries;
  register(challenge: Uint8Array, otherwise?: NewCredential): Registration;
  assert(challenge: Uint8Array, otherwise?: Ceremony): Assertion;
}

export const FLAGS = { UP: 0x01, UV: 0x04, BE: 0x08, BS: 0x10, AT: 0x40, ED: 0x80 } as const;

const COSE_ALGORITHMS: Readonly<Record<PasskeyAlgorithm, number>> = { ES256: -7, EdDSA: -8, RS256: -257 };

let made = 0;

export function createSoftwarePasskey(options: SoftwarePasskeyOptions): SoftwarePasskey {
  made += 1;
  const { rpId, origin, seed = `passkey-${made}`, alg = 'ES256' } = options;
  const privateKey = keyOf(alg, seed);
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  const coseKey = coseKeyOf(jwk);
  const id = hash('sha256', `${seed}/id`, 'buffer');

  const speak = (type: string, challenge: Uint8Array, { clientData }: Ceremony): Buffer => {
    if (clientData instanceof Uint8Array) return Buffer.from(clientData);
    const text = Buffer.from(challenge).toString('base64url');
    return Buffer.from(JSON.stringify({ type, challenge: text, origin, crossOrigin: false, ...clientData }));
  };
  const signed = (data: Buffer, client: Buffer, { key, signature }: Ceremony): Uint8Array => {
    const own = sign(
      alg === 'EdDSA' ? null : 'sha256',
      Buffer.concat([data, hash('sha256', client, 'buffer')]),
      key ?? privateKey,
    );
    return signature === undefined ? own : signature(own);
  };

  return {
    id: id.toString('base64url'),
    alg,
    privateKey,
    publicJwk: textMembers(jwk),
    coseKey,
    register(challenge, otherwise = {}) {
      const { fmt = 'none', object = attestationObject } = otherwise;
      const client = speak('webauthn.create', challenge, otherwise);
      const credential = attested(otherwise.aaguid, otherwise.id ?? id, otherwise.coseKey ?? coseKey);
      const data = authenticatorData(rpId, credential, otherwise);
      const statement = cborMap(
        fmt === 'none'
          ? []
          : [
              ['alg', COSE_ALGORITHMS[alg]],
              ['sig', signed(data, client, otherwise)],
            ],
      );
      return {
        clientDataJson: client.toString('base64url'),
        attestationObject: writeCbor(object(fmt, statement, data)).toString('base64url'),
      };
    },
    assert(challenge, otherwise = {}) {
      const client = speak('webauthn.get', challenge, otherwise);
      const data = authenticatorData(rpId, null, otherwise);
      return {
        authenticator: id.toString('base64url'),
        clientDataJson: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: Buffer.from(signed(data, client, otherwise)).toString('base64url'),
      };
    },
  };
}

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature of the same words by the same key: DER of (r, n − s). Anybody can make it from the first (T20). */
export function otherEcdsaSignature(signature: Uint8Array): Buffer {
  const der = Buffer.from(signature);
  const rEnd = 4 + der.readUInt8(3);
  const s = BigInt(`0x${der.subarray(rEnd + 2).toString('hex')}`);
  const hex = (P256_ORDER - s).toString(16);
  const digits = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const other = digits.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
  const body = Buffer.concat([der.subarray(2, rEnd), Buffer.of(2, other.length), other]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

/** Section 6.1. */
function authenticatorData(ownRpId: string, credential: Buffer | null, otherwise: Ceremony): Buffer {
  const { rpId = ownRpId, signCount = 0, extensions, behind = Buffer.alloc(0) } = otherwise;
  const at = credential === null ? 0 : FLAGS.AT;
  const ed = extensions === undefined ? 0 : FLAGS.ED;
  const count = Buffer.alloc(4);
  count.writeUInt32BE(signCount);
  return Buffer.concat([
    hash('sha256', rpId, 'buffer'),
    Buffer.of(otherwise.flags ?? FLAGS.UP | FLAGS.UV | at | ed),
    count,
    credential ?? Buffer.alloc(0),
    extensions === undefined ? Buffer.alloc(0) : writeCbor(extensions),
    behind,
  ]);
}

/** Section 6.5.1. */
function attested(aaguid: Uint8Array = Buffer.alloc(16), id: Uint8Array, coseKey: Writable): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length);
  return Buffer.concat([aaguid, length, id, writeCbor(coseKey)]);
}

function attestationObject(fmt: string, statement: CborEntries, data: Buffer): Writable {
  return cborMap([
    ['fmt', fmt],
    ['attStmt', statement],
    ['authData', data],
  ]);
}

function coseKeyOf({ kty, x, y, n, e }: JsonWebKey): CborEntries {
  const bytes = (text = '') => Buffer.from(text, 'base64url');
  if (kty === 'RSA') {
    return cborMap([
      [1, 3],
      [3, -257],
      [-1, bytes(n)],
      [-2, bytes(e)],
    ]);
  }
  if (kty === 'OKP') {
    return cborMap([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, bytes(x)],
    ]);
  }
  return cborMap([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytes(x)],
    [-3, bytes(y)],
  ]);
}

function keyOf(alg: PasskeyAlgorithm, seed: string): KeyObject {
  if (alg === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const d = hash('sha256', seed, 'buffer');
  if (alg === 'EdDSA') {
    // PKCS #8 of RFC 8410 §7 around 32 bytes.
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), d]);
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  }
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(d);
  const point = ecdh.getPublicKey();
  const text = (from: number) => point.subarray(from, from + 32).toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: text(1), y: text(33), d: d.toString('base64url') };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

function textMembers(jwk: JsonWebKey): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(jwk).map(([name, value]) => [name, String(value)]));
}
