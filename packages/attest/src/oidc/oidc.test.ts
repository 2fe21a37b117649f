import type { Anchor } from '@writ/core';
import {
  anchorOf,
  GITHUB_CLAIMS,
  generateSigningKey,
  type OidcIssuer,
  publicJwk,
  type SignOverrides,
  startOidcIssuer,
} from '@writ/testkit';
import * as fc from 'fast-check';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EvidenceError } from '../evidence-error.ts';
import { importJwk } from '../jws/jwk.ts';
import { isStrictObject, parseStrictJson } from '../jws/strict-json.ts';
import { createKeyStore, createOidcAttestor, type KeySource } from './oidc.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const SECOND = NOW / 1000;
const AUDIENCE = 'https://writ.acme.example';
const attestor = createOidcAttestor(createKeyStore());
let issuer: OidcIssuer;

beforeAll(async () => {
  issuer = await startOidcIssuer({ now: () => NOW });
});
afterAll(async () => issuer.close());

const verify = async (token: string, changes: Partial<Anchor> = {}) =>
  attestor.verify(token, anchorOf(issuer, changes), 'subject', NOW);
const sign = (claims: Readonly<Record<string, unknown>> = {}, overrides?: SignOverrides) =>
  issuer.sign({ ...GITHUB_CLAIMS, ...claims }, overrides);

describe('createOidcAttestor', () => {
  test('S1.7 S2.15 turns a token of the issuer for this audience into evidence of the declared claims', async () => {
    const token = sign({ jti: 'one', extra: 'x', admin: true });
    const evidence = await verify(token);
    expect(evidence).toMatchObject({
      anchor: 'github-actions/acme',
      role: 'subject',
      issuer: issuer.issuer,
      tokenId: 'one',
      assurance: 2,
      issuedAt: NOW,
      expiresAt: NOW + 300_000,
    });
    expect(evidence.digest).toMatch(/^[0-9a-f]{64}$/);
    const { aud: _, ...declared } = GITHUB_CLAIMS;
    expect({ ...evidence.claims }).toEqual(declared);
  });

  test('accepts what jose signs', async () => {
    const pair = await generateSigningKey('ES256');
    const jwk = parseStrictJson(Buffer.from(JSON.stringify(publicJwk(pair, 'ES256', 'k'))));
    const keys: KeySource = { find: async () => importJwk(isStrictObject(jwk) ? jwk : {}) };
    const token = await new SignJWT({ ...GITHUB_CLAIMS })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer('https://issuer.example')
      .setIssuedAt(SECOND)
      .setExpirationTime(SECOND + 60)
      .setJti('j')
      .sign(pair.privateKey);
    const anchor = anchorOf({ issuer: 'https://issuer.example', algorithm: 'ES256' });
    const evidence = await createOidcAttestor(keys).verify(token, anchor, 'actor', NOW);
    expect(evidence).toMatchObject({ tokenId: 'j', role: 'actor' });
  });

  test('refuses any other character anywhere in a token', async () => {
    const token = sign();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom(...Array.from('AQgwz-_09.=+/ \n')),
        async (at, character) => {
          fc.pre(token.charAt(at) !== character);
          const changed = token.slice(0, at) + character + token.slice(at + 1);
          await expect(verify(changed)).rejects.toBeInstanceOf(EvidenceError);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('refuses whatever text with nothing but an EvidenceError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        await expect(verify(text)).rejects.toBeInstanceOf(EvidenceError);
      }),
    );
  });
});

describe('payloads that the issuer itself signed', () => {
  const claims = () =>
    JSON.stringify({ ...GITHUB_CLAIMS, iss: issuer.issuer, iat: SECOND, exp: SECOND + 60, jti: 'j' });
  const close = (more: string) => Buffer.from(`${claims().slice(0, -1)},${more}}`);

  test.each([
    ['T7', 'a claim twice', () => close('"sub":"repo:acme/payments"')],
    ['T7', 'an audience twice', () => close(`"aud":"${AUDIENCE}"`)],
    ['T18', '`__proto__`', () => close('"__proto__":{"aud":"x"}')],
    ['T18', '`constructor`', () => close('"constructor":1')],
    ['T18', 'half a surrogate pair', () => close('"x":"\\ud800"')],
    ['T18', 'a byte order mark', () => Buffer.from(`\ufeff${claims()}`)],
    [
      'T18',
      'bytes that are not utf-8',
      () => Buffer.concat([close('"x":""').subarray(0, -2), Buffer.from('\xff"}', 'latin1')]),
    ],
    ['T9', 'a number beyond all bounds', () => close('"x":1e999')],
    ['T16', 'nine levels', () => close(`"x":${'['.repeat(8)}${']'.repeat(8)}`)],
    ['T16', 'more than 16 KiB', () => close(`"x":"${'x'.repeat(16_384)}"`)],
    ['T6', 'a list', () => Buffer.from(`[${claims()}]`)],
  ])('%s are refused with %s', async (_abuse, _rule, payload) => {
    await expect(verify(issuer.sign(payload()))).rejects.toMatchObject({ code: 'malformed' });
  });

  test('are accepted without', async () => {
    await expect(verify(issuer.sign(close('"x":[[[[[[[]]]]]]]')))).resolves.toMatchObject({ tokenId: 'j' });
  });
});

describe('boundaries that are accepted', () => {
  test.each([
    ['aud as a list of one', { aud: [AUDIENCE] }],
    ['iat and nbf a minute ahead', { iat: SECOND + 60, nbf: SECOND + 60 }],
    ['exp in one second', { exp: SECOND + 1 }],
    ['a life of a day', { iat: SECOND, exp: SECOND + 86_400 }],
    ['ref_protected false', { ref_protected: 'false' }],
  ])('%s', async (_name, claims) => {
    await expect(verify(sign(claims))).resolves.toMatchObject({ role: 'subject' });
  });

  test('no typ', async () => {
    await expect(verify(sign({}, { header: { typ: undefined } }))).resolves.toBeDefined();
  });

  test('S11 no jti, where the anchor binds the first key instead', async () => {
    await expect(verify(sign({ jti: undefined }), { replay: 'first-key' })).resolves.toMatchObject({
      tokenId: null,
    });
  });
});

describe('order of checks', () => {
  test('P13 nothing is fetched for a token of another issuer, another audience, or expired', async () => {
    await using other = await startOidcIssuer({ now: () => NOW });
    const anchor = anchorOf(other);
    const bad = [
      issuer.sign({ ...GITHUB_CLAIMS }),
      other.sign({ ...GITHUB_CLAIMS, aud: 'x' }),
      other.sign({ ...GITHUB_CLAIMS, exp: 1 }),
    ];
    for (const token of bad)
      await expect(attestor.verify(token, anchor, 'subject', NOW)).rejects.toBeInstanceOf(EvidenceError);
    expect(other.requests).toEqual([]);
    expect(issuer.requests.every((path) => path.startsWith('/.well-known/') || path === '/jwks')).toBe(true);
  });

  test('P11 a client’s own assertion is no evidence', async () => {
    const claims = { iss: 'svc-a', sub: 'svc-a' };
    await expect(verify(sign(claims))).rejects.toMatchObject({ code: 'issuer' });
    const typed = sign(claims, { header: { typ: 'client-authentication+jwt' } });
    await expect(verify(typed)).rejects.toMatchObject({ code: 'type' });
  });

  test('T2 a token signed by another key is refused before its claims are looked at', async () => {
    const { privateKey } = await generateSigningKey('RS256');
    await expect(verify(sign({ event_name: undefined }, { key: privateKey }))).rejects.toMatchObject({
      code: 'signature',
    });
  });

  test('law 14: an error names the claim and the caller’s own value, never the expected one', async () => {
    const error = await verify(sign({ aud: 'https://mine.example' })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'audience', claim: 'aud', value: 'https://mine.example' });
    expect(String(error)).not.toContain(AUDIENCE);
    const long = await verify(sign({ iss: 'x'.repeat(9000) })).catch((thrown: unknown) => thrown);
    expect(long).toMatchObject({ value: 'x'.repeat(256) });
  });
});
