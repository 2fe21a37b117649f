import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, test } from 'vitest';
import { fits, importJwk } from './jwk.ts';
import { isStrictObject, parseStrictJson, type StrictObject } from './strict-json.ts';

function strict(jwk: object): StrictObject {
  const value = parseStrictJson(Buffer.from(JSON.stringify(jwk)));
  if (!isStrictObject(value)) throw new Error('not an object');
  return value;
}

const rsaPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsa = rsaPair.publicKey.export({ format: 'jwk' });
const ecPair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ec = ecPair.publicKey.export({ format: 'jwk' });
const ec384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
const ed = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
const cubed = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).publicKey.export({
  format: 'jwk',
});
const huge = { ...rsa, n: Buffer.alloc(1025, 0xff).toString('base64url') };
const zeroN = Buffer.concat([Buffer.of(0), Buffer.from(rsa.n ?? '', 'base64url')]).toString('base64url');

const UNFIT: readonly (readonly [abuse: string, rule: string, jwk: object])[] = [
  ['T17', 'a private EC key', ecPair.privateKey.export({ format: 'jwk' })],
  ['T17', 'a private RSA key', rsaPair.privateKey.export({ format: 'jwk' })],
  ['T17', 'a private exponent alone', { ...rsa, d: 'AQ' }],
  ['T17', 'a private member that is null', { ...ec, d: null }],
  ['T17', 'a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
  ['T17', 'a public key with `k`', { ...ec, k: 'c2VjcmV0' }],
  ['T15', '`use: enc`', { ...rsa, use: 'enc' }],
  ['T15', '`use` that is a list', { ...rsa, use: ['sig'] }],
  ['T15', '`key_ops` without verify', { ...ec, key_ops: ['sign'] }],
  ['T15', '`key_ops` that is a text', { ...ec, key_ops: 'verify' }],
  ['T15', 'RSA of 1024 bits', weak],
  ['T15', 'RSA of 8200 bits', huge],
  ['T15', 'RSA with exponent 3', cubed],
  ['T15', 'RSA with exponent 1', { ...rsa, e: 'AQ' }],
  ['T15', 'RSA with an even exponent', { ...rsa, e: 'AQAA' }],
  ['T15', 'RSA with an exponent of 5 bytes', { ...rsa, e: 'AQAAAAE' }],
  ['T15', 'RSA without exponent', { kty: 'RSA', n: rsa.n }],
  ['T6', 'RSA with a leading zero', { ...rsa, n: zeroN }],
  ['T6', 'RSA with padding', { ...rsa, n: `${rsa.n}=` }],
  ['T15', 'an `alg` of another type', { ...ec, alg: 'RS256' }],
  ['T15', 'an `alg` of another curve', { ...ec, alg: 'ES384' }],
  ['T15', 'an `alg` HS256', { ...rsa, alg: 'HS256' }],
  ['T15', 'an `alg` that is a number', { ...ec, alg: 1 }],
  ['T5', 'a `kid` that is an object', { ...ec, kid: {} }],
  ['T15', 'a point that is not on the curve', { ...ec, y: ec.x }],
  ['T15', 'a coordinate too short', { ...ec, x: ec.x?.slice(0, 42) }],
  ['T15', 'a coordinate of the other curve', { ...ec, x: ec384.x }],
  ['T15', 'no second coordinate', { kty: 'EC', crv: 'P-256', x: ec.x }],
  ['T15', 'secp256k1', { ...ec, crv: 'secp256k1' }],
  ['T15', 'X25519', { ...ed, crv: 'X25519' }],
  ['T15', 'an Ed25519 key of 31 bytes', { ...ed, x: Buffer.alloc(31, 1).toString('base64url') }],
  ['T15', 'no type', { crv: 'P-256', x: ec.x, y: ec.y }],
];

describe('importJwk', () => {
  test.each(UNFIT)('%s refuses %s', (_abuse, _rule, jwk) => {
    expect(() => importJwk(strict(jwk))).toThrow(expect.objectContaining({ code: 'key' }));
  });

  test.each([rsa, ec, ec384, ed])(
    'D22 gives the thumbprint of required members only: $kty $crv',
    async (jwk) => {
      const extra = {
        ...jwk,
        kid: 'k',
        use: 'sig',
        key_ops: ['verify'],
        x5t: 'x',
        alg: undefined,
        more: { a: 1 },
      };
      const thumbprint = await calculateJwkThumbprint(jwk);
      expect(importJwk(strict(jwk)).thumbprint).toBe(thumbprint);
      expect(importJwk(strict(extra)).thumbprint).toBe(thumbprint);
      expect(importJwk(strict(Object.fromEntries(Object.entries(jwk).toReversed()))).thumbprint).toBe(
        thumbprint,
      );
    },
  );

  test('keeps one key object for the same key, and checks private members nevertheless', () => {
    expect(importJwk(strict(ec)).key).toBe(importJwk(strict({ ...ec, kid: 'other' })).key);
    expect(() => importJwk(strict({ ...ec, d: ec.x }))).toThrow('private member');
  });

  test('D15 remembers no more than 1024 keys', () => {
    const first = importJwk(strict(ed)).key;
    for (let i = 0; i < 1024; i++) {
      importJwk(strict({ ...ed, x: Buffer.alloc(32, `${i} `).toString('base64url') }));
    }
    expect(importJwk(strict(ed)).key).not.toBe(first);
  });
});

describe('fits', () => {
  test.each([
    [rsa, ['RS256', 'RS384', 'PS256']],
    [ec, ['ES256']],
    [ec384, ['ES384']],
    [ed, ['EdDSA', 'Ed25519']],
    [{ ...rsa, alg: 'PS256' }, ['PS256']],
    [{ ...ed, alg: 'EdDSA' }, ['EdDSA', 'Ed25519']],
    [{ ...ed, alg: 'Ed25519' }, ['EdDSA', 'Ed25519']],
  ])('T15 pins %o to %j', (jwk, algorithms) => {
    const key = importJwk(strict(jwk));
    const all = [
      'RS256',
      'RS384',
      'RS512',
      'PS256',
      'ES256',
      'ES384',
      'ES512',
      'EdDSA',
      'Ed25519',
      'HS256',
      'none',
      '',
    ];
    expect(all.filter((alg) => fits(key, alg)).toSorted()).toEqual(algorithms.toSorted());
  });
});
