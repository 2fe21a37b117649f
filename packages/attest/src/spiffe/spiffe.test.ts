import type { JsonWebKey } from 'node:crypto';
import type { Anchor } from '@writ/core';
import {
  anchorOf,
  type FactServer,
  generateSigningKey,
  type KeyPair,
  publicJwk,
  type SigningAlgorithm,
  signCompactJws,
  startFactServer,
  startOidcIssuer,
} from '@writ/testkit';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EvidenceError } from '../evidence-error.ts';
import { createBundleStore, createSpiffeAttestor } from './spiffe.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const SECOND = NOW / 1000;
const AUDIENCE = 'https://writ.acme.example';
const ISSUER = 'https://spire.agents.acme.example';
const ID = 'spiffe://agents.acme.example/ns/prod/agent/crm';
const ALGORITHMS: readonly SigningAlgorithm[] = ['ES256', 'ES384', 'RS256', 'PS256'];
const pairs = new Map<string, KeyPair>();
let stranger: KeyPair;
let server: FactServer;

/** A bundle as SPIRE serves it: keys for X.509-SVIDs beside those for JWT-SVIDs, which do not say an algorithm. */
function bundle(): readonly JsonWebKey[] {
  return [...pairs].map(([kid, { publicKey }]) => ({
    ...publicKey.export({ format: 'jwk' }),
    kid,
    ...(kid.endsWith('-without-use') ? {} : { use: kid.startsWith('x509') ? 'x509-svid' : useOf(kid) }),
  }));
}

function useOf(kid: string): string {
  return kid.startsWith('sig') ? 'sig' : 'jwt-svid';
}

beforeAll(async () => {
  for (const algorithm of [...ALGORITHMS, 'Ed25519'] as const)
    pairs.set(algorithm, await generateSigningKey(algorithm));
  for (const kid of ['x509', 'sig', 'es256-without-use']) pairs.set(kid, await generateSigningKey('ES256'));
  stranger = await generateSigningKey('ES256');
  server = await startFactServer((_, response) => {
    const body = { keys: bundle(), spiffe_sequence: 7, spiffe_refresh_hint: 300 };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
});
afterAll(async () => server[Symbol.asyncDispose]());

const attestor = createSpiffeAttestor(createBundleStore());

function anchor(changes: Partial<Anchor> = {}): Anchor {
  return anchorOf(
    { issuer: ISSUER, algorithm: 'ES256' },
    {
      kind: 'spiffe',
      name: 'spiffe/agents.acme.example',
      replay: 'first-key',
      jwksUri: `${server.origin}/bundle`,
      claims: { subject: { type: { type: 'string' }, required: true, identifies: true, from: 'sub' } },
      ...changes,
    },
  );
}

interface Signing {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: KeyPair['privateKey'];
  readonly algorithm?: SigningAlgorithm;
  readonly kid?: string;
}

/** A good JWT-SVID but for what is said; `undefined` takes a claim away. */
function svid(claims: Readonly<Record<string, unknown>> = {}, signing: Signing = {}): string {
  const { algorithm = 'ES256', kid = algorithm, header = {} } = signing;
  const key = signing.key ?? pairs.get(kid)?.privateKey ?? stranger.privateKey;
  const payload = { sub: ID, aud: [AUDIENCE], iat: SECOND, exp: SECOND + 300, ...claims };
  return signCompactJws({ alg: algorithm, typ: 'JWT', kid, ...header }, payload, key, algorithm);
}

const verify = async (token: string, changes: Partial<Anchor> = {}) =>
  attestor.verify(token, anchor(changes), 'actor', NOW);
const outcome = async (token: string, changes: Partial<Anchor> = {}): Promise<string> =>
  verify(token, changes).then(
    () => 'accepted',
    (error: unknown) => (error instanceof EvidenceError ? error.code : String(error)),
  );

describe('createSpiffeAttestor', () => {
  test('S1.7 turns a JWT-SVID of the trust domain for this audience into evidence', async () => {
    const evidence = await verify(svid({ extra: 'x' }));
    expect(evidence).toMatchObject({
      anchor: 'spiffe/agents.acme.example',
      role: 'actor',
      issuer: ISSUER,
      tokenId: null,
      assurance: 2,
      issuedAt: NOW,
      expiresAt: NOW + 300_000,
    });
    expect(evidence.digest).toMatch(/^[0-9a-f]{64}$/);
    expect({ ...evidence.claims }).toEqual({ subject: ID });
  });

  test('is for anchors of kind spiffe', () => expect(attestor.kinds).toEqual(['spiffe']));

  test.each(ALGORITHMS)(
    'takes %s where the anchor lists it, though its key says no algorithm',
    async (algorithm) => {
      expect(await outcome(svid({}, { algorithm }), { algorithms: [algorithm] })).toBe('accepted');
      expect(await outcome(svid({}, { algorithm }), { algorithms: ['RS384'] })).toBe('algorithm');
    },
  );

  test.each([
    ['typ JWT', {}, { typ: 'JWT' }],
    ['typ JOSE', {}, { typ: 'JOSE' }],
    ['no typ', {}, { typ: undefined }],
    ['aud as a text', { aud: AUDIENCE }, {}],
    ['the issuer of the anchor', { iss: ISSUER }, {}],
    ['a jti', { jti: 'j' }, {}],
    ['a jti of another type', { jti: 1 }, {}],
    ['iat and nbf a minute ahead', { iat: SECOND + 60, nbf: SECOND + 60 }, {}],
    ['a life of a day', { exp: SECOND + 86_400 }, {}],
    ['neither iat nor nbf and a day to go', { iat: undefined, exp: SECOND + 86_400 }, {}],
  ])('takes %s', async (_what, claims, header) => {
    expect(await outcome(svid(claims, { header }))).toBe('accepted');
  });

  test('the trust domain stands for an issuer where the anchor has none', async () => {
    expect(await verify(svid(), { issuer: '' })).toMatchObject({ issuer: 'spiffe://agents.acme.example' });
    expect(await outcome(svid({ iss: ISSUER }), { issuer: '' })).toBe('issuer');
    expect(await outcome(svid({ iss: '' }), { issuer: '' })).toBe('issuer');
  });

  test('S11 jti is no token id: one SVID is handed out repeatedly', async () => {
    const token = svid({ jti: 'j' });
    expect([await verify(token), await verify(token)]).toEqual([
      expect.objectContaining({ tokenId: null }),
      expect.objectContaining({ tokenId: null }),
    ]);
  });

  test.each([
    ['iat', { iat: SECOND - 60, nbf: SECOND - 30 }, NOW - 60_000],
    ['nbf where there is no iat', { iat: undefined, nbf: SECOND - 30 }, NOW - 30_000],
    ['a day before exp where there is neither', { iat: undefined }, NOW + 300_000 - 86_400_000],
  ])('law 1: it counts as issued at %s', async (_what, claims, issuedAt) => {
    expect(await verify(svid(claims))).toMatchObject({ issuedAt });
  });

  test('refuses whatever text with nothing but an EvidenceError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        await expect(verify(text)).rejects.toBeInstanceOf(EvidenceError);
      }),
    );
  });

  test('T6 refuses any other character anywhere in a token', async () => {
    const token = svid();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom(...Array.from('AQgwz-_09.=+/ \n')),
        async (at, character) => {
          fc.pre(token.charAt(at) !== character);
          expect(await outcome(token.slice(0, at) + character + token.slice(at + 1))).not.toBe('accepted');
        },
      ),
      { numRuns: 300 },
    );
  });
});

interface Row {
  readonly abuse: string;
  readonly rule: string;
  readonly code: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly signing?: Signing;
  readonly anchor?: Partial<Anchor>;
}

const NO_IDS: readonly unknown[] = [
  undefined,
  null,
  '',
  1,
  [ID],
  'agents.acme.example/ns/prod',
  'https://agents.acme.example/ns/prod',
  'spiffe://Agents.acme.example/ns/prod',
  'spiffe://agents.acme.example:443/ns/prod',
  'spiffe://u@agents.acme.example/ns/prod',
  'spiffe://agents.acme.example/ns/prod?x',
  'spiffe://agents.acme.example/ns/prod#x',
  'spiffe://agents.acme.example/ns%2Fprod',
  'spiffe://agents.acme.example/ns/../admin',
  'spiffe://agents.acme.example/ns/./prod',
  'spiffe://agents.acme.example/ns//prod',
  'spiffe://agents.acme.example/ns/',
  'spiffe://agents.acme.example/',
  'spiffe://agents.acme.example',
  'spiffe:///ns/prod',
  'spiffe://agents.acme.example/pröd',
  `spiffe://agents.acme.example/${'a'.repeat(2048)}`,
];
const NEIGHBOURS: readonly string[] = [
  'spiffe://acme.example/ns/prod/agent/crm',
  'spiffe://agents.acme.example.evil.example/ns/prod/agent/crm',
  'spiffe://evil-agents.acme.example/ns/prod/agent/crm',
  'spiffe://agents.acme.exampl/ns/prod/agent/crm',
];
const NO_TIMES: readonly unknown[] = [null, '', `${SECOND + 60}`, SECOND + 60.5, 1e300, -1, true, [SECOND]];

const rows = (): readonly Row[] => [
  ...NO_IDS.map((sub) => ({
    abuse: 'S1',
    rule: `sub ${JSON.stringify(sub)}`,
    code: 'claim',
    claims: { sub },
  })),
  ...NEIGHBOURS.map((sub) => ({ abuse: 'S4', rule: `sub ${sub}`, code: 'claim', claims: { sub } })),
  {
    abuse: 'S4',
    rule: 'an anchor of another trust domain',
    code: 'claim',
    anchor: { name: 'spiffe/acme.example' },
  },
  { abuse: 'S4', rule: 'an anchor of no trust domain', code: 'claim', anchor: { name: 'spiffe/a/b' } },
  { abuse: 'S4', rule: 'an anchor of another kind', code: 'claim', anchor: { kind: 'oidc' } },
  ...['x5t', 'cty', 'nonce', 'alG', 'spiffe'].map((name) => ({
    abuse: 'S3',
    rule: `header ${name}`,
    code: 'malformed',
    signing: { header: { [name]: 'x' } },
  })),
  ...['jwk', 'jku', 'x5c', 'x5u', 'crit', 'b64'].map((name) => ({
    abuse: 'T3 T14',
    rule: `header ${name}`,
    code: 'malformed',
    signing: { header: { [name]: {} } },
  })),
  ...[
    'at+jwt',
    'wit+jwt',
    'dpop+jwt',
    'jwt',
    'Jose',
    'JWT ',
    'client-authentication+jwt',
    'writ-fact+jwt',
  ].map((typ) => ({ abuse: 'S3 T10', rule: `typ ${typ}`, code: 'type', signing: { header: { typ } } })),
  ...['none', 'None', 'HS256', 'ES512', 'es256'].map((alg) => ({
    abuse: 'T1 T2',
    rule: `alg ${alg}`,
    code: 'algorithm',
    signing: { header: { alg } },
    anchor: { algorithms: ['ES256', alg] },
  })),
  ...['Ed25519', 'EdDSA'].map((alg) => ({
    abuse: 'S3',
    rule: `alg ${alg} though the anchor lists it`,
    code: 'algorithm',
    signing: { algorithm: 'Ed25519' as const, header: { alg } },
    anchor: { algorithms: [alg] },
  })),
  { abuse: 'T1', rule: 'an anchor without algorithms', code: 'algorithm', anchor: { algorithms: [] } },
  ...[
    undefined,
    null,
    '',
    [],
    [AUDIENCE, 'https://other.example'],
    [AUDIENCE, AUDIENCE],
    `${AUDIENCE}/`,
    'https://other.example',
    'spiffe://agents.acme.example/writ',
  ].map((aud) => ({
    abuse: 'S3 S9 T11',
    rule: `aud ${JSON.stringify(aud)}`,
    code: 'audience',
    claims: { aud },
  })),
  {
    abuse: 'T12',
    rule: 'no audience anywhere',
    code: 'audience',
    claims: { aud: '' },
    anchor: { audience: '' },
  },
  ...[`${ISSUER}/`, 'spiffe://agents.acme.example', '', null, [ISSUER]].map((iss) => ({
    abuse: 'G10',
    rule: `iss ${JSON.stringify(iss)}`,
    code: 'issuer',
    claims: { iss },
  })),
  ...[undefined, ...NO_TIMES].map((exp) => ({
    abuse: 'S3 T8 T9',
    rule: `exp ${JSON.stringify(exp)}`,
    code: 'claim',
    claims: { exp },
  })),
  ...NO_TIMES.flatMap((time) =>
    ['iat', 'nbf'].map((name) => ({
      abuse: 'T9',
      rule: `${name} ${JSON.stringify(time)}`,
      code: 'claim',
      claims: { [name]: time },
    })),
  ),
  { abuse: 'T9', rule: 'exp now', code: 'expired', claims: { iat: SECOND - 60, exp: SECOND } },
  { abuse: 'T9', rule: 'iat in 61 s', code: 'not-yet-valid', claims: { iat: SECOND + 61 } },
  { abuse: 'T9', rule: 'nbf in 61 s', code: 'not-yet-valid', claims: { nbf: SECOND + 61 } },
  {
    abuse: 'T9',
    rule: 'a life of a day and a second',
    code: 'claim',
    claims: { iat: SECOND - 1, exp: SECOND + 86_400 },
  },
  {
    abuse: 'T9',
    rule: 'a life of a day and a second from nbf',
    code: 'claim',
    claims: { iat: undefined, nbf: SECOND - 1, exp: SECOND + 86_400 },
  },
  {
    abuse: 'T9',
    rule: 'more than a day to go and no start',
    code: 'claim',
    claims: { iat: undefined, exp: SECOND + 86_401 },
  },
  ...['cnf', 'act', 'may_act'].map((claim) => ({
    abuse: 'X8',
    rule: `the condition ${claim}`,
    code: 'claim',
    claims: { [claim]: { jkt: 'x' } },
  })),
  { abuse: 'T5', rule: 'no kid', code: 'key', signing: { header: { kid: undefined } } },
  { abuse: 'T5', rule: 'a kid of nobody', code: 'key', signing: { kid: 'nobody' } },
  { abuse: 'S5', rule: 'a key for X.509-SVIDs', code: 'key', signing: { kid: 'x509' } },
  {
    abuse: 'S5',
    rule: 'a key of the bundle for signatures of any kind',
    code: 'key',
    signing: { kid: 'sig' },
  },
  {
    abuse: 'S5',
    rule: 'a key of the bundle that does not say its use',
    code: 'key',
    signing: { kid: 'es256-without-use' },
  },
  {
    abuse: 'T15',
    rule: 'a key of another type',
    code: 'key',
    signing: { kid: 'RS256', header: { alg: 'ES256' }, key: stranger.privateKey },
  },
  {
    abuse: 'S4',
    rule: 'a stranger’s key under a name of the bundle',
    code: 'signature',
    signing: { key: stranger.privateKey },
  },
];

test('refuses every row of the table with its code', async () => {
  for (const { abuse, rule, code, claims, signing, anchor: changes } of rows()) {
    const found = await outcome(svid(claims, signing), changes);
    expect(`${abuse} ${rule}: ${found}`).toBe(`${abuse} ${rule}: ${code}`);
  }
});

describe('where keys come from', () => {
  test('P13 nothing is fetched for a token that is refused without keys', async () => {
    await using quiet = await startFactServer((_, response) => {
      response.writeHead(200).end('{"keys":[]}');
    });
    const changes = { jwksUri: `${quiet.origin}/bundle` };
    const [neighbour = ''] = NEIGHBOURS;
    for (const claims of [{ sub: neighbour }, { aud: 'x' }, { exp: 1 }, { iss: 'x' }]) {
      expect(await outcome(svid(claims), changes)).not.toBe('accepted');
    }
    expect(quiet.requests).toEqual([]);
    expect(await outcome(svid(), changes)).toBe('key');
    expect(quiet.requests).toEqual(['/bundle']);
  });

  test('keys that an issuer’s discovery leads to need not be a bundle', async () => {
    await using issuer = await startOidcIssuer({ now: () => NOW, algorithm: 'ES256' });
    const discovered = anchor({ issuer: issuer.issuer, jwksUri: null });
    for (const iss of [issuer.issuer, undefined]) {
      const token = issuer.sign({ iss, sub: ID, aud: AUDIENCE, jti: undefined });
      expect(await attestor.verify(token, discovered, 'actor', NOW)).toMatchObject({ issuer: issuer.issuer });
    }
    const bundled = anchor({ issuer: issuer.issuer, jwksUri: `${issuer.issuer}/jwks` });
    const token = issuer.sign({ sub: ID, aud: AUDIENCE });
    await expect(attestor.verify(token, bundled, 'actor', NOW)).rejects.toMatchObject({ code: 'key' });
  });

  test('S4 two trust domains do not share keys', async () => {
    const other = await generateSigningKey('ES256');
    await using elsewhere = await startFactServer((_, response) => {
      const keys = [{ ...publicJwk(other, 'ES256', 'ES256'), use: 'jwt-svid' }];
      response.writeHead(200).end(JSON.stringify({ keys }));
    });
    const partner = { name: 'spiffe/partner.example', jwksUri: `${elsewhere.origin}/bundle` };
    const sub = 'spiffe://partner.example/agent';
    expect(await outcome(svid({ sub }, { key: other.privateKey }), partner)).toBe('accepted');
    expect(await outcome(svid({ sub }), partner)).toBe('signature');
    expect(await outcome(svid({}, { key: other.privateKey }))).toBe('signature');
    expect(await outcome(svid({}, { key: other.privateKey }), partner)).toBe('claim');
  });
});
