import { generateSigningKey, type KeyPair, publicJwk } from '@writ/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { findKey, parseKeySet } from './key-set.ts';

let rsa: KeyPair;
let ec: KeyPair;

beforeAll(async () => {
  rsa = await generateSigningKey('RS256');
  ec = await generateSigningKey('ES256');
});

const setOf = (...keys: readonly unknown[]) => parseKeySet(Buffer.from(JSON.stringify({ keys })));

describe('parseKeySet', () => {
  test.each([
    '',
    '{}',
    '[]',
    'null',
    '{"keys":{}}',
    '{"keys":null}',
    '{"keys":[],"keys":[]}',
    '\ufeff{"keys":[]}',
    '<html>',
  ])('refuses %j', (text) => {
    expect(() => parseKeySet(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });

  test('D15 refuses more than 64 keys', () => {
    expect(() => setOf(...Array.from({ length: 65 }, () => ({})))).toThrow('more than 64');
    expect(setOf(...Array.from({ length: 64 }, () => ({}))).size).toBe(0);
  });

  test('T17 leaves out private, symmetric, encryption, nameless and unknown keys', () => {
    const good = publicJwk(ec, 'ES256', 'good');
    const keys = setOf(
      good,
      { ...ec.privateKey.export({ format: 'jwk' }), kid: 'private' },
      { kty: 'oct', k: 'c2VjcmV0', kid: 'symmetric' },
      { ...good, use: 'enc', kid: 'encryption' },
      { ...good, kid: undefined },
      { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA', kid: 'unknown' },
      'text',
      null,
      [],
    );
    expect([...keys.keys()]).toEqual(['good']);
  });
});

describe('findKey', () => {
  test('T17 takes two keys of one name apart by algorithm, and refuses both where it cannot', () => {
    const keys = setOf(publicJwk(rsa, 'RS256', 'k'), publicJwk(ec, 'ES256', 'k'));
    expect(findKey(keys, 'k', 'RS256').kty).toBe('RSA');
    expect(findKey(keys, 'k', 'ES256').kty).toBe('EC');
    const twice = setOf(publicJwk(ec, 'ES256', 'k'), publicJwk(ec, 'ES256', 'k'));
    expect(() => findKey(twice, 'k', 'ES256')).toThrow(expect.objectContaining({ code: 'key' }));
  });

  test('T15 finds no key for another algorithm or name', () => {
    const keys = setOf(publicJwk(ec, 'ES256', 'k'));
    for (const [kid, alg] of [
      ['k', 'ES384'],
      ['k', 'HS256'],
      ['K', 'ES256'],
      ['toString', 'ES256'],
    ] as const) {
      expect(() => findKey(keys, kid, alg)).toThrow(expect.objectContaining({ code: 'key', claim: 'kid' }));
    }
  });
});
