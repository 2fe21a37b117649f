import {
  createDpopKey,
  type DpopKey,
  generateSigningKey,
  HOSTILE_PROOFS,
  type ProofRequest,
  signCompactJws,
} from '@writ/testkit';
import * as fc from 'fast-check';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { DPOP_ALGORITHMS, type DpopRequest, verifyDpopProof } from './dpop.ts';
import { DpopError } from './dpop-error.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const URL_OF_TOKEN = 'https://writ.acme.example/token';
const REQUEST: ProofRequest = { method: 'POST', url: URL_OF_TOKEN, now: NOW };
const ES256 = createDpopKey('ES256');
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const verify = (proofs: readonly string[] | string, changes: Partial<DpopRequest> = {}) =>
  verifyDpopProof({
    proofs: typeof proofs === 'string' ? [proofs] : proofs,
    method: 'POST',
    url: URL_OF_TOKEN,
    now: NOW,
    nonce: null,
    ...changes,
  });
const refused = (code: string) => expect.objectContaining({ name: 'DpopError', code });

describe('verifyDpopProof', () => {
  test.each(['ES256', 'Ed25519', 'EdDSA'] as const)(
    'S4.3 accepts an honest proof by %s',
    async (algorithm) => {
      const key = createDpopKey(algorithm);
      const proof = verify(key.prove({ ...REQUEST, jti: 'one' }));
      expect(proof).toMatchObject({ thumbprint: key.thumbprint, jti: 'one', issuedAt: NOW, jwk: key.jwk });
      expect(proof.digest).toMatch(/^[0-9a-f]{64}$/);
      expect(proof.thumbprint).toBe(await calculateJwkThumbprint(key.jwk as JWK));
      expect(proof.replayUntil).toBeGreaterThan(NOW + 60_000);
    },
  );

  test.each(['ES256', 'Ed25519'])('accepts what jose signs: %s', async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    const proof = await new SignJWT({ htm: 'POST', htu: URL_OF_TOKEN, jti: 'j' })
      .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk: await exportJWK(publicKey) })
      .setIssuedAt(NOW / 1000)
      .sign(privateKey);
    expect(verify(proof).jti).toBe('j');
  });

  for (const algorithm of ['ES256', 'Ed25519'] as const) {
    const key: DpopKey = createDpopKey(algorithm);
    test.each(HOSTILE_PROOFS)(`$abuse ${algorithm} refuses $name`, ({ proofs }) => {
      expect(() => verify(proofs(key, REQUEST))).toThrow(refused('invalid_dpop_proof'));
    });
  }

  test('refuses any other character anywhere in a proof', () => {
    const proof = ES256.prove(REQUEST);
    fc.assert(
      fc.property(
        fc.nat(proof.length - 1),
        fc.constantFrom(...Array.from('AQgwz-_09.=+/ \n')),
        (at, character) => {
          fc.pre(proof.charAt(at) !== character);
          expect(() => verify(proof.slice(0, at) + character + proof.slice(at + 1))).toThrow(DpopError);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('refuses whatever texts with nothing but a DpopError', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (proofs) => {
        expect(() => verify(proofs)).toThrow(DpopError);
      }),
    );
  });

  test('D8 takes RSA only where it is listed, and an empty list allows nothing', async () => {
    const { privateKey, publicKey } = await generateSigningKey('RS256');
    const header = { typ: 'dpop+jwt', jwk: publicKey.export({ format: 'jwk' }) };
    const payload = { jti: 'j', htm: 'POST', htu: URL_OF_TOKEN, iat: NOW / 1000 };
    for (const alg of ['RS256', 'PS256'] as const) {
      const proof = signCompactJws({ ...header, alg }, payload, privateKey, alg);
      expect(() => verify(proof)).toThrow(refused('invalid_dpop_proof'));
      expect(verify(proof, { algorithms: [...DPOP_ALGORITHMS, alg] }).jti).toBe('j');
    }
    expect(() => verify(ES256.prove(REQUEST), { algorithms: [] })).toThrow(refused('invalid_dpop_proof'));
  });

  test('D9 refuses every private member beside a public key', () => {
    for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) {
      const proof = ES256.prove(REQUEST, { header: { jwk: { ...ES256.jwk, [name]: 'AQ' } } });
      expect(() => verify(proof)).toThrow(`private member \`${name}\``);
    }
  });

  test.each([
    'https://WRIT.acme.example/token',
    'HTTPS://writ.acme.example:443/token',
    'https://writ.acme.example/token?a=b',
    'https://writ.acme.example/token#x',
    'https://writ.acme.example/a/../token',
  ])('D11 takes %s for the same target', (htu) => {
    expect(verify(ES256.prove({ ...REQUEST, url: htu })).jti).toBeTypeOf('string');
    expect(verify(ES256.prove(REQUEST), { url: htu }).jti).toBeTypeOf('string');
  });

  test.each([
    'http://writ.acme.example/token',
    'https://writ.acme.example:8443/token',
    'https://writ.acme.example/token/',
    'https://writ.acme.example/Token',
    'https://writ.acme.example/%74oken',
    'https://writ.acme.example//token',
    'https://writ.acme.example.evil.example/token',
    'https://user@writ.acme.example/token',
    'https:writ.acme.example/token',
    'https:\\\\writ.acme.example\\token',
    'https://writ.acme.example/to\tken',
    'https://wrıt.acme.example/token',
    '//writ.acme.example/token',
    '/token',
    '',
    `https://writ.acme.example/token?${'x'.repeat(2048)}`,
  ])('D11 D12 takes %j for another target', (htu) => {
    expect(() => verify(ES256.prove(REQUEST, { payload: { htu } }))).toThrow(refused('invalid_dpop_proof'));
  });

  test('D17 takes iat a minute off, either way, and not a second more', () => {
    for (const seconds of [-60, 60]) {
      expect(verify(ES256.prove(REQUEST), { now: NOW + seconds * 1000 }).issuedAt).toBe(NOW);
      const late = NOW + seconds * 1000 + Math.sign(seconds);
      expect(() => verify(ES256.prove(REQUEST), { now: late })).toThrow(refused('invalid_dpop_proof'));
    }
  });

  test('D17 asks for a nonce where one is demanded: none, an old one, another server’s', () => {
    const nonce = (given: string): boolean => given === 'ours';
    expect(verify(ES256.prove({ ...REQUEST, nonce: 'ours' }), { nonce }).jti).toBeTypeOf('string');
    for (const request of [REQUEST, { ...REQUEST, nonce: 'old' }, { ...REQUEST, nonce: '' }]) {
      expect(() => verify(ES256.prove(request), { nonce })).toThrow(refused('use_dpop_nonce'));
    }
    for (const given of [1, null, ['ours'], {}]) {
      const proof = ES256.prove(REQUEST, { payload: { nonce: given } });
      expect(() => verify(proof, { nonce })).toThrow(refused('invalid_dpop_proof'));
    }
  });

  test('D10 an unsigned proof learns nothing about nonces', () => {
    const forged = ES256.prove(REQUEST, { key: createDpopKey().privateKey });
    expect(() => verify(forged, { nonce: () => false })).toThrow(refused('invalid_dpop_proof'));
  });

  test('D18 demands the hash of the access token where one is sent', () => {
    const accessToken = 'the.access.token';
    expect(verify(ES256.prove({ ...REQUEST, accessToken }), { accessToken }).jti).toBeTypeOf('string');
    const wrong = [REQUEST, { ...REQUEST, accessToken: 'another' }, { ...REQUEST, accessToken: '' }];
    for (const request of wrong) {
      expect(() => verify(ES256.prove(request), { accessToken })).toThrow(refused('invalid_dpop_proof'));
    }
    expect(() => verify(ES256.prove(REQUEST, { payload: { ath: [accessToken] } }), { accessToken })).toThrow(
      DpopError,
    );
  });

  test('D22 the thumbprint ignores members that are not required', () => {
    const jwk = { use: 'sig', ...ES256.jwk, kid: 'x', key_ops: ['verify'], extra: { a: 1 } };
    expect(verify(ES256.prove(REQUEST, { header: { jwk } })).thumbprint).toBe(ES256.thumbprint);
  });
});

describe('replayKey', () => {
  test('D14 T20 is the same for every proof of that key and jti, whatever its signature', () => {
    const proof = ES256.prove({ ...REQUEST, jti: 'one' });
    const [header, payload, signature = ''] = proof.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    const s = (ORDER - BigInt(`0x${bytes.toString('hex', 32)}`)).toString(16).padStart(64, '0');
    const twin = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s, 'hex')]).toString('base64url');
    const keys = [
      proof,
      `${header}.${payload}.${twin}`,
      ES256.prove({ ...REQUEST, jti: 'one', now: NOW - 5_000 }),
    ];
    expect(new Set(keys.map((text) => verify(text).replayKey)).size).toBe(1);
    expect(new Set(keys.slice(0, 2).map((text) => verify(text).digest)).size).toBe(1);
  });

  test('D14 differs by jti and by key', () => {
    const other = createDpopKey();
    const texts = [ES256, other].flatMap((key) => ['a', 'b'].map((jti) => key.prove({ ...REQUEST, jti })));
    expect(new Set(texts.map((text) => verify(text).replayKey)).size).toBe(4);
  });

  test('D15 has one length for every jti up to 256 characters', () => {
    const lengths = ['x', 'x'.repeat(256), '😀'.repeat(128)].map(
      (jti) => verify(ES256.prove({ ...REQUEST, jti })).replayKey.length,
    );
    expect(new Set(lengths).size).toBe(1);
  });

  test('D14 outlives every moment at which the proof is accepted', () => {
    const proof = ES256.prove({ ...REQUEST, now: NOW + 60_000 });
    expect(verify(proof).replayUntil).toBeGreaterThan(NOW + 60_000 + 60_000);
  });
});
