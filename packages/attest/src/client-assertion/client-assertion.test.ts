import type { JsonWebKey } from 'node:crypto';
import {
  generateSigningKey,
  type KeyPair,
  publicJwk,
  type SigningAlgorithm,
  signCompactJws,
} from '@writ/testkit';
import * as fc from 'fast-check';
import { SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { EvidenceError } from '../evidence-error.ts';
import {
  type ClientAssertionExpectation,
  checkClientKey,
  verifyClientAssertion,
} from './client-assertion.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const SECOND = NOW / 1000;
const ISSUER = 'https://writ.acme.example';
const ALGORITHMS: readonly SigningAlgorithm[] = ['ES256', 'Ed25519', 'EdDSA', 'RS256', 'PS256'];
const pairs = new Map<string, KeyPair>();
const registered = new Map<string, readonly JsonWebKey[]>();

beforeAll(async () => {
  for (const name of [...ALGORITHMS, 'ES384', 'stranger'] as const) {
    pairs.set(name, await generateSigningKey(name === 'stranger' ? 'ES256' : name));
  }
  registered.set('svc-a', [
    ...ALGORITHMS.map((algorithm) => publicJwk(pairOf(algorithm), algorithm, algorithm)),
    publicJwk(pairOf('ES384'), 'ES384', 'ES384'),
  ]);
  registered.set('svc-b', [publicJwk(pairOf('ES256'), 'ES256', 'ES256')]);
});

function pairOf(name: string): KeyPair {
  const pair = pairs.get(name);
  if (pair === undefined) throw new Error('no key');
  return pair;
}

interface Change {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly signer?: string;
}

function assertion({ header = {}, claims = {}, signer = 'ES256' }: Change = {}): string {
  const payload = { iss: 'svc-a', sub: 'svc-a', aud: ISSUER, exp: SECOND + 60, jti: 'one', ...claims };
  const algorithm =
    ALGORITHMS.find((candidate) => candidate === signer) ?? (signer === 'ES384' ? 'ES384' : 'ES256');
  return signCompactJws({ alg: algorithm, ...header }, payload, pairOf(signer).privateKey, algorithm);
}

const verify = async (text: string, changes: Partial<ClientAssertionExpectation> = {}) =>
  verifyClientAssertion(text, {
    issuer: ISSUER,
    client: 'svc-a',
    keysOf: async (client) => (registered.get(client) ?? []).map((jwk) => JSON.stringify(jwk)),
    now: NOW,
    ...changes,
  });

const AUDIENCES: readonly unknown[] = [
  undefined,
  null,
  '',
  [],
  [ISSUER, 'https://other.example'],
  [ISSUER, ISSUER],
  [{}],
  [null],
  `${ISSUER}/token`,
  [`${ISSUER}/token`],
  `${ISSUER}/`,
  ISSUER.toUpperCase(),
  `${ISSUER}.evil.example`,
  { [ISSUER]: 1 },
];
const NO_TIMES: readonly unknown[] = [undefined, null, `${SECOND + 60}`, SECOND + 0.5, 1e300, -1];

const ROWS: readonly (Change & { readonly abuse: string; readonly rule: string; readonly code: string })[] = [
  ...AUDIENCES.map((aud) => ({
    abuse: 'P1 P2 P14',
    rule: `audience ${JSON.stringify(aud)}`,
    code: 'audience',
    claims: { aud },
  })),
  { abuse: 'P4', rule: 'sub of another client', code: 'claim', claims: { sub: 'svc-b' } },
  { abuse: 'P4', rule: 'iss of another client', code: 'claim', claims: { iss: 'svc-b' } },
  {
    abuse: 'P4',
    rule: 'both of another client than the parameter',
    code: 'claim',
    claims: { iss: 'svc-b', sub: 'svc-b' },
  },
  { abuse: 'P4', rule: 'capitals', code: 'claim', claims: { iss: 'SVC-A', sub: 'SVC-A' } },
  { abuse: 'P4', rule: 'no iss', code: 'issuer', claims: { iss: undefined } },
  { abuse: 'P4', rule: 'empty iss and sub', code: 'issuer', claims: { iss: '', sub: '' } },
  { abuse: 'P4', rule: 'lists', code: 'issuer', claims: { iss: ['svc-a'], sub: ['svc-a'] } },
  { abuse: 'P4', rule: 'no sub', code: 'claim', claims: { sub: undefined } },
  ...NO_TIMES.map((exp) => ({
    abuse: 'P6 T9',
    rule: `exp ${JSON.stringify(exp)}`,
    code: 'claim',
    claims: { exp },
  })),
  ...NO_TIMES.slice(1).map((iat) => ({
    abuse: 'P6 T9',
    rule: `iat ${JSON.stringify(iat)}`,
    code: 'claim',
    claims: { iat },
  })),
  { abuse: 'P6', rule: 'exp now', code: 'expired', claims: { exp: SECOND } },
  { abuse: 'P6', rule: 'exp in 5 min and 1 s', code: 'claim', claims: { exp: SECOND + 301 } },
  { abuse: 'P6', rule: 'iat in 61 s', code: 'not-yet-valid', claims: { iat: SECOND + 61 } },
  { abuse: 'P6', rule: 'nbf in 61 s', code: 'not-yet-valid', claims: { nbf: SECOND + 61 } },
  ...[undefined, null, '', 1, 'x'.repeat(257)].map((jti) => ({
    abuse: 'P6',
    rule: `jti ${JSON.stringify(jti)}`,
    code: 'claim',
    claims: { jti },
  })),
  ...['HS256', 'none', 'RS384', 'ES384'].map((alg) => ({
    abuse: 'P7 T2',
    rule: `alg ${alg}`,
    code: 'algorithm',
    header: { alg },
  })),
  ...['at+jwt', 'dpop+jwt', 'JOSE', 'jwt', 'secevent+jwt'].map((typ) => ({
    abuse: 'T10',
    rule: `typ ${typ}`,
    code: 'type',
    header: { typ },
  })),
  { abuse: 'P8', rule: 'a stranger’s key', code: 'signature', signer: 'stranger' },
  {
    abuse: 'P8',
    rule: 'the kid of a key that did not sign',
    code: 'signature',
    signer: 'stranger',
    header: { kid: 'ES256' },
  },
  { abuse: 'P8', rule: 'a kid nobody has', code: 'key', header: { kid: 'x' } },
  { abuse: 'T15', rule: 'the kid of a key for another algorithm', code: 'key', header: { kid: 'RS256' } },
];

test('refuses every row of the table with its code', async () => {
  for (const { abuse, rule, code, ...change } of ROWS) {
    const outcome = await verify(assertion(change)).then(
      () => 'accepted',
      (error: unknown) => (error instanceof EvidenceError ? error.code : String(error)),
    );
    expect(`${abuse} ${rule}: ${outcome}`).toBe(`${abuse} ${rule}: ${code}`);
  }
});

describe('verifyClientAssertion', () => {
  test.each(ALGORITHMS)('accepts an assertion by a registered key: %s', async (signer) => {
    const result = await verify(assertion({ signer }));
    expect(result).toMatchObject({ client: 'svc-a', jti: 'one', replayUntil: NOW + 120_000 });
    await expect(verify(assertion({ signer, header: { kid: signer, typ: 'JWT' } }))).resolves.toMatchObject({
      client: 'svc-a',
    });
  });

  test.each([
    ['no client_id parameter', {}, { client: null }],
    ['typ client-authentication+jwt', { header: { typ: 'client-authentication+jwt' } }, {}],
    ['aud as a list of one', { claims: { aud: [ISSUER] } }, {}],
    [
      'exp in 5 min, iat and nbf in 1 min',
      { claims: { exp: SECOND + 300, iat: SECOND + 60, nbf: SECOND + 60 } },
      {},
    ],
    ['another list of algorithms', { signer: 'ES384' }, { algorithms: ['ES384'] }],
  ] as const)('accepts %s', async (_name, change, expected) => {
    await expect(verify(assertion(change), expected)).resolves.toMatchObject({ client: 'svc-a' });
  });

  test('accepts what jose signs', async () => {
    const text = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer('svc-a')
      .setSubject('svc-a')
      .setAudience(ISSUER)
      .setIssuedAt(SECOND)
      .setExpirationTime(SECOND + 60)
      .setJti('j')
      .sign(pairOf('ES256').privateKey);
    await expect(verify(text)).resolves.toMatchObject({ jti: 'j' });
  });

  test('P8 a key that two clients share still speaks for its sub only', async () => {
    const b = assertion({ claims: { iss: 'svc-b', sub: 'svc-b' } });
    await expect(verify(b, { client: null })).resolves.toMatchObject({ client: 'svc-b' });
    await expect(verify(b)).rejects.toMatchObject({ code: 'claim' });
  });

  test('an unfit key beside a fit one is left out', async () => {
    const keys = ['{"kty":"oct","k":"AA"}', '[]', JSON.stringify(publicJwk(pairOf('ES256'), 'ES256', 'k'))];
    await expect(verify(assertion(), { keysOf: async () => keys })).resolves.toMatchObject({
      client: 'svc-a',
    });
  });

  test('tries no more than 16 keys', async () => {
    const [mine, other] = ['ES256', 'stranger'].map((name) =>
      JSON.stringify(publicJwk(pairOf(name), 'ES256', name)),
    );
    const keysBefore = (count: number) => async () => [
      ...Array.from({ length: count }, () => other ?? ''),
      mine ?? '',
    ];
    await expect(verify(assertion(), { keysOf: keysBefore(15) })).resolves.toMatchObject({ client: 'svc-a' });
    await expect(verify(assertion(), { keysOf: keysBefore(16) })).rejects.toMatchObject({
      code: 'signature',
    });
  });

  test('C7 a client without keys is refused', async () => {
    const text = assertion({ claims: { iss: 'nobody', sub: 'nobody' } });
    await expect(verify(text, { client: null })).rejects.toMatchObject({ code: 'key' });
  });

  test('asks for no keys before the claims are right', async () => {
    const keysOf = async (): Promise<never> => Promise.reject(new Error('asked'));
    for (const claims of [{ aud: 'x' }, { sub: 'x' }, { exp: 1 }, { jti: '' }]) {
      await expect(verify(assertion({ claims }), { keysOf })).rejects.toBeInstanceOf(EvidenceError);
    }
  });

  test('P5 one client and jti are one replay key, of one length, whatever the rest', async () => {
    const texts = [assertion(), assertion({ signer: 'RS256' }), assertion({ claims: { exp: SECOND + 90 } })];
    const keys = await Promise.all(texts.map(async (text) => (await verify(text)).replayKey));
    expect(new Set(keys).size).toBe(1);
    const other = await verify(assertion({ claims: { jti: 'x'.repeat(256) } }));
    expect(other.replayKey).not.toBe(keys[0]);
    expect(other.replayKey).toHaveLength(keys[0]?.length ?? 0);
  });

  test('refuses any other character anywhere in an assertion', async () => {
    const text = assertion({ header: { kid: 'ES256' } });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.constantFrom(...Array.from('AQgwz-_09.=+/ \n')),
        async (at, character) => {
          fc.pre(text.charAt(at) !== character);
          const changed = text.slice(0, at) + character + text.slice(at + 1);
          await expect(verify(changed)).rejects.toBeInstanceOf(EvidenceError);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('checkClientKey', () => {
  test('P8 gives the thumbprint by which a second registration is known', () => {
    const jwk = publicJwk(pairOf('ES256'), 'ES256', 'one');
    const key = checkClientKey(JSON.stringify(jwk));
    expect(key.kid).toBe('one');
    expect(checkClientKey(JSON.stringify({ ...jwk, kid: 'two' })).thumbprint).toBe(key.thumbprint);
  });

  test.each(['', '[]', 'null', '{}', '{"kty":"oct","k":"AA"}', '{"kty":"RSA","kty":"RSA"}'])(
    'refuses %j',
    (text) => {
      expect(() => checkClientKey(text)).toThrow(EvidenceError);
    },
  );

  test('T17 refuses a private key', () => {
    const jwk = pairOf('ES256').privateKey.export({ format: 'jwk' });
    expect(() => checkClientKey(JSON.stringify(jwk))).toThrow('private member');
  });
});
