import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createDpopKey, GITHUB_CLAIMS, signCompactJws, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asClient, encoded, issuedCount, issuedToken, otherSpellings, proofBy, send } from './requests.ts';

let world: World;
let nonce: string;
const key = createDpopKey();
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const now = (): number => Math.floor(Date.now() / 1000);
const b64 = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url');

beforeAll(async () => {
  world = await startWorld();
  nonce = await world.nonce();
});
afterAll(async () => world[Symbol.asyncDispose]());

type Hostile = readonly [id: string, name: string, token: () => string];

/** Exchanges with `token` as evidence. */
async function exchange(token: string): ReturnType<typeof send> {
  const body = world.form({ subject_token: token }).toString();
  return send(world.url, { path: '/token', headers: { dpop: proofBy(world, key, nonce) }, body });
}

const claims = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  iss: world.github.issuer,
  iat: now(),
  exp: now() + 300,
  jti: randomUUID(),
  ...GITHUB_CLAIMS,
  ...changes,
});
const withHeader = (header: Readonly<Record<string, unknown>>): string =>
  world.github.sign(claims(), { header });
const withClaims = (changes: Readonly<Record<string, unknown>>): string => world.github.sign(claims(changes));
const withPayload = (text: string | Uint8Array): string => world.github.sign(Buffer.from(text));
const byStranger = (header: Readonly<Record<string, unknown>>): string =>
  world.github.sign(claims(), { header, key: stranger.privateKey });
const publicKey = (): KeyObject => createPublicKey({ key: world.github.jwk, format: 'jwk' });

function hmac(secret: string | Buffer): string {
  const input = `${b64(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid: world.github.kid }))}.${b64(JSON.stringify(claims()))}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

const unsigned = (alg: string, signature = ''): string =>
  `${b64(JSON.stringify({ alg, typ: 'JWT', kid: world.github.kid }))}.${b64(JSON.stringify(claims()))}.${signature}`;

const EVIDENCE: readonly Hostile[] = [
  ...['none', 'None', 'nOnE', 'NONE', ''].flatMap((alg): Hostile[] => [
    ['T1', `alg ${alg} without signature`, () => unsigned(alg)],
    ['T1', `alg ${alg} with a signature`, () => unsigned(alg, 'AAAA')],
  ]),
  ['T2', 'HS256 by our PEM', () => hmac(publicKey().export({ format: 'pem', type: 'spki' }))],
  ['T2', 'HS256 by our DER', () => hmac(publicKey().export({ format: 'der', type: 'spki' }))],
  ['T2', 'HS256 by our JWK', () => hmac(JSON.stringify(world.github.jwk))],
  ['T3', 'its own jwk', () => byStranger({ jwk: stranger.publicKey.export({ format: 'jwk' }) })],
  ['T3', 'a jku', () => byStranger({ jku: `${world.github.issuer}/jwks` })],
  ['T3', 'an x5c', () => byStranger({ x5c: ['MIIB'] })],
  ['T3', 'an x5u', () => byStranger({ x5u: 'https://evil.example/cert' })],
  ['T3', 'our kid and another key', () => byStranger({})],
  ...['../../dev/null', "' OR 1=1 --", '__proto__', 'x'.repeat(8_000), '\u0000'].map(
    (kid): Hostile => ['T5', `kid ${JSON.stringify(kid).slice(0, 20)}`, () => withHeader({ kid })],
  ),
  ['T7', 'sub twice', () => withPayload(`{"sub":"x",${JSON.stringify(claims()).slice(1)}`)],
  [
    'T7',
    'alg twice',
    () =>
      world.github.sign(claims(), {
        header: Buffer.from(`{"alg":"none","alg":"RS256","typ":"JWT","kid":"${world.github.kid}"}`),
      }),
  ],
  ['T8', 'no exp', () => withClaims({ exp: undefined })],
  ...[String(now() + 60), -1, null, true, now() + 60.5].map(
    (exp): Hostile => ['T9', `exp ${JSON.stringify(exp)}`, () => withClaims({ exp })],
  ),
  [
    'T9',
    'exp 1e300',
    () => withPayload(JSON.stringify(claims({ exp: 0 })).replace('"exp":0', '"exp":1e300')),
  ],
  ['T9', 'exp now', () => withClaims({ iat: now() - 300, exp: now() })],
  ['T9', 'iat 90 s ahead', () => withClaims({ iat: now() + 90, exp: now() + 300 })],
  ['T9', 'nbf 90 s ahead', () => withClaims({ nbf: now() + 90 })],
  ...[
    'at+jwt',
    'dpop+jwt',
    'secevent+jwt',
    'logout+jwt',
    'token-introspection+jwt',
    'wit+jwt',
    'txntoken+jwt',
  ].map((typ): Hostile => ['T10', `typ ${typ}`, () => withHeader({ typ })]),
  ...[
    ['https://writ.acme.example', 'https://other.example'],
    'https://writ.acme.example/',
    'https://writ.acme.example.evil',
    'https://WRIT.acme.example',
    'https://writ.acme',
    [{}],
    [null],
    [],
    {},
    undefined,
  ].map((aud): Hostile => ['T11 T12 T13', `aud ${JSON.stringify(aud)}`, () => withClaims({ aud })]),
  ['T14', 'an unknown crit', () => withHeader({ crit: ['x'], x: 1 })],
  ['T14', 'b64 false', () => withHeader({ b64: false, crit: ['b64'] })],
  ['T15', 'another algorithm than the key is for', () => withHeader({ alg: 'PS256' })],
  ['T15', 'ES384 for an RSA key', () => withHeader({ alg: 'ES384' })],
  [
    'T16',
    'a JWE with a billion rounds',
    () => `${b64('{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":1000000000,"p2s":"AA"}')}.AA.AA.AA.AA`,
  ],
  [
    'T18',
    'a claim __proto__',
    () => withPayload(`{"__proto__":{"admin":true},${JSON.stringify(claims()).slice(1)}`),
  ],
  [
    'T18',
    'a claim constructor',
    () => withPayload(`{"constructor":{"prototype":{}},${JSON.stringify(claims()).slice(1)}`),
  ],
  ['T18', 'a byte order mark', () => withPayload(`\u{feff}${JSON.stringify(claims())}`)],
  ['T18', 'half a surrogate pair', () => withPayload(JSON.stringify(claims()).replace('octocat', '\\ud800'))],
  [
    'T18',
    'bytes outside UTF-8',
    () => withPayload(Buffer.from(JSON.stringify(claims()).replace('octocat', '\u00ff'), 'latin1')),
  ],
  ['X4', 'a text', () => 'not a token'],
  ['X13', 'unsigned JSON', () => JSON.stringify(claims())],
];

test.each(EVIDENCE)('%s as evidence: %s tells nothing and issues nothing', async (_id, _name, token) => {
  const before = issuedCount(world);
  const { status, body } = await exchange(token());
  expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_grant' });
  expect(Object.keys(body).toSorted()).toEqual(['error', 'error_description', 'writ_ref']);
  expect(issuedCount(world)).toBe(before);
});

test('T6 no other spelling of good evidence is taken for it, and none spends it', async () => {
  const good = world.github.sign(claims());
  for (const token of otherSpellings(good)) {
    const { body } = await exchange(token);
    expect(`${token.length}: ${String(body['error'])}`).toBe(`${token.length}: invalid_grant`);
  }
  expect((await exchange(good)).status).toBe(200);
});

test('T4 tokens of unknown keys make the issuer answer for its keys once more at most', async () => {
  await exchange(withHeader({ kid: 'warm' }));
  const before = world.github.requests.length;
  await Promise.all(Array.from({ length: 200 }, (_, i) => exchange(withHeader({ kid: `unknown-${i}` }))));
  expect(world.github.requests.length - before).toBeLessThanOrEqual(1);
});

describe('a token of ours', () => {
  const active = async (token: string): Promise<unknown> => (await world.introspect(token)).body['active'];
  const parts = (
    token: string,
  ): { header: Record<string, unknown>; payload: Record<string, unknown>; rest: string } => {
    const [header = '', payload = '', rest = ''] = token.split('.');
    const read = (part: string): Record<string, unknown> => ({
      ...(JSON.parse(Buffer.from(part, 'base64url').toString()) as object),
    });
    return { header: read(header), payload: read(payload), rest };
  };

  test('T1 T3 T5 T7 T10 is active, and none made from it is', async () => {
    const token = await issuedToken(world);
    const { header, payload, rest } = parts(token);
    const join = (h: unknown, p: unknown, s = rest): string =>
      `${b64(JSON.stringify(h))}.${b64(JSON.stringify(p))}.${s}`;
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = own.publicKey.export({ format: 'jwk' });
    const made = (h: Record<string, unknown>): string => signCompactJws(h, payload, own.privateKey, 'ES256');
    expect(await active(token)).toBe(true);
    for (const forged of [
      join({ ...header, alg: 'none' }, payload, ''),
      join({ ...header, alg: 'none' }, payload),
      join({ ...header, typ: 'JWT' }, payload),
      join({ ...header, typ: undefined }, payload),
      join(header, { ...payload, exp: now() + 1e6 }),
      join(header, { ...payload, jti: 'other' }),
      join(header, { ...payload, scope: 'deploy:write' }),
      made(header),
      made({ ...header, jwk }),
      made({ ...header, kid: '../../dev/null' }),
      made({ ...header, kid: undefined }),
      `${b64(JSON.stringify(header).replace('{', '{"alg":"ES256",'))}.${token.split('.').slice(1).join('.')}`,
      ...otherSpellings(token),
    ]) {
      expect(`${forged}: ${String(await active(forged))}`).toBe(`${forged}: false`);
    }
    expect(await active(token)).toBe(true);
  });

  test('T10 P11 X5 counts neither as evidence, nor as an assertion, nor as a proof', async () => {
    const token = await issuedToken(world);
    for (const type of ['jwt', 'id_token']) {
      const subject_token_type = `urn:ietf:params:oauth:token-type:${type}`;
      const { status, body } = await world.exchange(key, { subject_token: token, subject_token_type });
      expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_grant' });
    }
    const asAssertion = await send(world.url, {
      path: '/introspect',
      body: encoded(asClient(token, { token })),
    });
    expect(asAssertion.status).toBe(401);
    const asProof = await send(world.url, {
      path: '/token',
      headers: { dpop: token },
      body: world.form().toString(),
    });
    expect(asProof.body['error']).toBe('invalid_dpop_proof');
  });

  test('T10 evidence, assertions and proofs are no tokens of ours', async () => {
    for (const token of [world.github.sign(claims()), world.clientAssertion(), proofBy(world, key, nonce)]) {
      expect(await active(token)).toBe(false);
    }
  });

  test('T17 the published keys are public, distinct and of one use each', async () => {
    const { body } = await send(world.url, { method: 'GET', path: '/jwks' });
    const keys = body['keys'] as Record<string, string>[];
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    for (const published of keys) {
      expect(published['kty']).toBe('EC');
      for (const secret of ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi'])
        expect(published).not.toHaveProperty(secret);
    }
  });
});
