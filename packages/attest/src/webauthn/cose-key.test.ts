import { generateKeyPairSync } from 'node:crypto';
import { cborMap, createSoftwarePasskey, type Writable, writeCbor } from '@writ/testkit/passkeys';
import { describe, expect, test } from 'vitest';
import { isCborMap, parseCbor } from './cbor.ts';
import { importCoseKey } from './cose-key.ts';

const here = { rpId: 'writ.acme.example', origin: 'https://writ.acme.example' };
const ec = createSoftwarePasskey({ ...here, seed: 'ec' });
const ed = createSoftwarePasskey({ ...here, seed: 'ed', alg: 'EdDSA' });
const rsa = createSoftwarePasskey({ ...here, alg: 'RS256' });

const bytes = (text = '') => Buffer.from(text, 'base64url');
const x = bytes(ec.publicJwk['x']);
const y = bytes(ec.publicJwk['y']);
const n = bytes(rsa.publicJwk['n']);
const e = bytes(rsa.publicJwk['e']);
const point = bytes(ed.publicJwk['x']);
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
const zeros = (size: number) => Buffer.alloc(size);

const EC = [
  [1, 2],
  [3, -7],
  [-1, 1],
  [-2, x],
  [-3, y],
] as const;
const ED = [
  [1, 1],
  [3, -8],
  [-1, 6],
  [-2, point],
] as const;
const RSA = [
  [1, 3],
  [3, -257],
  [-1, n],
  [-2, e],
] as const;

type Entries = readonly (readonly [number, Writable])[];
/** `entries` with the member `label` otherwise, or without it. */
const but = (entries: Entries, label: number, value?: Writable): Entries =>
  entries.flatMap(([each, before]) =>
    each !== label ? [[each, before] as const] : value === undefined ? [] : [[each, value] as const],
  );

const UNFIT: readonly (readonly [code: string, rule: string, entries: Entries])[] = [
  ['algorithm', 'no algorithm', but(EC, 3)],
  ['algorithm', 'an algorithm that is a text', but(EC, 3, 'ES256')],
  ['algorithm', 'ES256K', but(EC, 3, -47)],
  ['algorithm', 'ES384', but(EC, 3, -35)],
  ['algorithm', 'RS1', but(RSA, 3, -65_535)],
  ['algorithm', 'PS256', but(RSA, 3, -37)],
  ['algorithm', 'HS256', but(EC, 3, 5)],
  ['key', 'ES256 with an RSA key', but(RSA, 3, -7)],
  ['key', 'EdDSA with a P-256 key', but(EC, 3, -8)],
  ['key', 'RS256 with a P-256 key', but(EC, 3, -257)],
  ['key', 'another key type', but(EC, 1, 1)],
  ['key', 'no key type', but(EC, 1)],
  ['key', 'a symmetric key', but(EC, 1, 4)],
  ['key', 'another curve', but(EC, -1, 2)],
  ['key', 'P-384 by its coordinates', but(but(EC, -2, bytes(p384.x)), -3, bytes(p384.y))],
  ['key', 'no curve', but(EC, -1)],
  ['key', 'X25519', but(ED, -1, 4)],
  ['key', 'a compressed point', but(EC, -3, true)],
  ['key', 'a point without y', but(EC, -3)],
  ['key', 'a coordinate that is a text', but(EC, -2, ec.publicJwk['x'] ?? '')],
  ['key', 'a coordinate of 31 bytes', but(EC, -2, x.subarray(1))],
  ['key', 'a coordinate of 33 bytes', but(EC, -2, Buffer.concat([zeros(1), x]))],
  ['key', 'a point that is not on the curve', but(EC, -3, x)],
  ['key', 'the point 0, 0', but(but(EC, -2, zeros(32)), -3, zeros(32))],
  ['key', 'a private member', [...EC, [-4, x]]],
  ['key', 'a key id', [...EC, [2, zeros(4)]]],
  ['key', 'key operations', [...EC, [4, [2]]]],
  ['key', 'a member that is a text', [...ED, [-70_000, 1]]],
  ['key', 'an Ed25519 key of 31 bytes', but(ED, -2, point.subarray(1))],
  ['key', 'an Ed25519 key of small order', but(ED, -2, zeros(32))],
  ['key', 'an RSA key of 1024 bits', but(RSA, -1, bytes(weak.n))],
  ['key', 'an RSA key of 8200 bits', but(RSA, -1, Buffer.alloc(1025, 0xff))],
  ['key', 'an RSA key with a leading zero', but(RSA, -1, Buffer.concat([zeros(1), n]))],
  ['key', 'an RSA exponent of 3', but(RSA, -2, Buffer.of(3))],
  ['key', 'an RSA key without exponent', but(RSA, -2)],
];

function importEntries(entries: Entries) {
  const map = parseCbor(writeCbor(cborMap(entries)));
  if (!isCborMap(map)) throw new Error('not a map');
  return importCoseKey(map);
}

describe('importCoseKey', () => {
  test.each([
    ['ES256', -7, EC, ec],
    ['EdDSA', -8, ED, ed],
    ['RS256', -257, RSA, rsa],
  ] as const)('takes a key of %s as a JWK of required members', (_name, alg, entries, passkey) => {
    expect(importEntries(entries)).toMatchObject({ alg, jwk: passkey.publicJwk });
    expect(importEntries(entries).jwk).toEqual(passkey.publicJwk);
    expect(importEntries(entries.toReversed()).jwk).toEqual(passkey.publicJwk);
  });

  test.each(UNFIT)('T15 T17 refuses as %s: %s', (code, _rule, entries) => {
    expect(() => importEntries(entries)).toThrow(expect.objectContaining({ code }));
  });
});
