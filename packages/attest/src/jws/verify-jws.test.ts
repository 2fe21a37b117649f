import { createHmac, sign as signBytes } from 'node:crypto';
import {
  generateSigningKey,
  type KeyPair,
  publicJwk,
  type SigningAlgorithm,
  signCompactJws,
} from '@writ/testkit';
import * as fc from 'fast-check';
import { CompactSign } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseCompactJws } from './compact-jws.ts';
import { ecdsaToDer } from './ecdsa-signature.ts';
import { importJwk, type VerificationKey } from './jwk.ts';
import { isStrictObject, parseStrictJson } from './strict-json.ts';
import { checkAlgorithm, verifyJwsSignature } from './verify-jws.ts';

const ALGORITHMS: readonly SigningAlgorithm[] = ['RS256', 'PS256', 'ES256', 'ES384', 'Ed25519', 'EdDSA'];
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const pairs = new Map<SigningAlgorithm, KeyPair>();

beforeAll(async () => {
  for (const algorithm of ALGORITHMS) pairs.set(algorithm, await generateSigningKey(algorithm));
});

function pairOf(algorithm: SigningAlgorithm): KeyPair {
  const pair = pairs.get(algorithm);
  if (pair === undefined) throw new Error('no key');
  return pair;
}

function keyOf(algorithm: SigningAlgorithm, alg?: string): VerificationKey {
  const jwk = parseStrictJson(
    Buffer.from(JSON.stringify({ ...publicJwk(pairOf(algorithm), algorithm, 'k'), alg })),
  );
  if (!isStrictObject(jwk)) throw new Error('not an object');
  return importJwk(jwk);
}

const verify = (token: string, key: VerificationKey) =>
  verifyJwsSignature(parseCompactJws(token, false), key);
const hmac = (alg: string, secret: string): string => {
  const input = `${Buffer.from(JSON.stringify({ alg })).toString('base64url')}.e30`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};

describe('verifyJwsSignature', () => {
  test.each(ALGORITHMS)('accepts what jose signs: %s', async (algorithm) => {
    const token = await new CompactSign(Buffer.from('{"sub":"a"}'))
      .setProtectedHeader({ alg: algorithm })
      .sign(pairOf(algorithm).privateKey);
    expect(() => verify(token, keyOf(algorithm))).not.toThrow();
  });

  test.each(ALGORITHMS)('refuses any other character in the signing input or signature: %s', (algorithm) => {
    const token = signCompactJws(
      { alg: algorithm },
      { sub: 'a', n: 1 },
      pairOf(algorithm).privateKey,
      algorithm,
    );
    const key = keyOf(algorithm);
    fc.assert(
      fc.property(
        fc.nat(token.length - 1),
        fc.constantFrom(...Array.from('AQgwz-_09.=')),
        (at, character) => {
          fc.pre(token.charAt(at) !== character);
          expect(() => verify(token.slice(0, at) + character + token.slice(at + 1), key)).toThrow(
            expect.objectContaining({ name: 'EvidenceError' }),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  test.each([
    'none',
    'None',
    'nOnE',
    'HS256',
    'HS512',
    'RS1',
    'RS512',
    'es256',
    'ES256K',
    'PBES2-HS256+A128KW',
  ])('T1 T2 P7 knows no algorithm %s, whatever list allows it', (alg) => {
    expect(() => checkAlgorithm(alg, [alg])).toThrow(expect.objectContaining({ code: 'algorithm' }));
    const pem = pairOf('RS256').publicKey.export({ format: 'pem', type: 'spki' });
    expect(() => verify(hmac(alg, pem.toString()), keyOf('RS256'))).toThrow(
      expect.objectContaining({ code: 'key' }),
    );
  });

  test('an empty list allows nothing', () => {
    expect(() => checkAlgorithm('ES256', [])).toThrow(
      expect.objectContaining({ code: 'algorithm', claim: 'alg' }),
    );
  });

  test.each([
    ['ES256', 'ES384'],
    ['ES384', 'ES256'],
    ['RS256', 'ES256'],
    ['Ed25519', 'ES256'],
    ['ES256', 'RS256'],
  ] as const)('T15 a key of %s verifies no %s', (algorithm, alg) => {
    const token = signCompactJws({ alg }, {}, pairOf(alg).privateKey, alg);
    expect(() => verify(token, keyOf(algorithm))).toThrow(expect.objectContaining({ code: 'key' }));
  });

  test('T15 a key for PS256 verifies no RS256 by the same key', () => {
    const token = signCompactJws({ alg: 'RS256' }, {}, pairOf('PS256').privateKey, 'RS256');
    expect(() => verify(token, keyOf('PS256'))).not.toThrow();
    expect(() => verify(token, keyOf('PS256', 'PS256'))).toThrow(expect.objectContaining({ code: 'key' }));
  });

  test.each([0, 20, 33])('T15 a PSS signature with a salt of %d bytes is refused', (saltLength) => {
    const { privateKey: key } = pairOf('PS256');
    const signingInput = `${Buffer.from('{"alg":"PS256"}').toString('base64url')}.e30`;
    const signature = signBytes('sha256', Buffer.from(signingInput), { key, padding: 6, saltLength });
    const token = `${signingInput}.${signature.toString('base64url')}`;
    expect(() => verify(token, keyOf('PS256'))).toThrow(expect.objectContaining({ code: 'signature' }));
  });

  test('T20 the other valid signature (r, n−s) has the same digest', () => {
    const token = signCompactJws({ alg: 'ES256' }, { sub: 'a' }, pairOf('ES256').privateKey, 'ES256');
    const [header, payload, signature = ''] = token.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    const s = (ORDER - BigInt(`0x${bytes.toString('hex', 32)}`)).toString(16).padStart(64, '0');
    const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s, 'hex')]).toString('base64url');
    const twin = `${header}.${payload}.${other}`;
    expect(() => verify(twin, keyOf('ES256'))).not.toThrow();
    expect(twin).not.toBe(token);
    expect(parseCompactJws(twin, false).digest).toBe(parseCompactJws(token, false).digest);
  });

  test('T6 an ECDSA signature in DER, too short, too long, or of zeros is refused', () => {
    const { privateKey } = pairOf('ES256');
    const header = Buffer.from('{"alg":"ES256"}').toString('base64url');
    const der = signBytes('sha256', Buffer.from(`${header}.e30`), privateKey);
    for (const bytes of [
      der,
      Buffer.alloc(63, 1),
      Buffer.alloc(65, 1),
      Buffer.alloc(64),
      Buffer.alloc(64, 0xff),
    ]) {
      expect(() => verify(`${header}.e30.${bytes.toString('base64url')}`, keyOf('ES256'))).toThrow(
        expect.objectContaining({ code: 'signature' }),
      );
    }
  });
});

describe('ecdsaToDer', () => {
  test('writes minimal integers, for scalars with leading zeros and high bits', () => {
    const scalar = fc.uint8Array({ minLength: 1, maxLength: 32 });
    fc.assert(
      fc.property(scalar, scalar, (r, s) => {
        const pad = (bytes: Uint8Array) => Buffer.concat([Buffer.alloc(32 - bytes.length), bytes]);
        const der = Buffer.from(ecdsaToDer(Buffer.concat([pad(r), pad(s)]), 32) ?? []);
        expect(der.toString('hex')).toBe(derByHand(r, s));
      }),
    );
  });

  test('refuses any other length', () => {
    expect(ecdsaToDer(new Uint8Array(63), 32)).toBeNull();
    expect(ecdsaToDer(new Uint8Array(64), 48)).toBeNull();
    expect(ecdsaToDer(new Uint8Array(0), 32)).toBeNull();
  });
});

function derByHand(r: Uint8Array, s: Uint8Array): string {
  const integer = (bytes: Uint8Array): string => {
    const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`).toString(16);
    const even = value.length % 2 === 0 ? value : `0${value}`;
    const signed = Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even;
    return `02${(signed.length / 2).toString(16).padStart(2, '0')}${signed}`;
  };
  const body = integer(r) + integer(s);
  return `30${(body.length / 2).toString(16).padStart(2, '0')}${body}`;
}
