import type { Anchor } from '@writ/core';
import { anchorOf, type IssuerBehaviour, type OidcIssuer, startOidcIssuer } from '@writ/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EvidenceError } from '../evidence-error.ts';
import { createKeyStore, type KeyStoreOptions } from './key-store.ts';

const START = Date.UTC(2026, 10, 20, 12);
const SECOND = 1000;
const HOUR = 3_600 * SECOND;
const TIMEOUT = 300;
/** Why each is refused: the rule meant for it, not a later one that happens to catch it too. */
const REASONS: readonly (readonly [IssuerBehaviour, string])[] = [
  ['wrong-issuer', 'is of another issuer'],
  ['private-jwks-uri', 'not allowed here'],
  ['redirect', 'answered 302'],
  ['huge-body', 'is larger than 262144 bytes'],
  ['slow-body', 'did not finish its answer'],
  ['silent', 'did not answer'],
  ['malformed', 'malformed json'],
  ['error', 'answered 500'],
];
const HOSTILE = REASONS.map(([behaviour]) => behaviour);
let issuer: OidcIssuer;

beforeEach(async () => {
  issuer = await startOidcIssuer({ now: () => START, algorithm: 'ES256', path: '/ci' });
});
afterEach(async () => issuer.close());

function storeWith(options: KeyStoreOptions = {}) {
  const store = createKeyStore({ timeout: TIMEOUT, ...options });
  return async (now: number, kid: string = issuer.kid, changes: Partial<Anchor> = {}) =>
    store.find(anchorOf(issuer, { kind: 'oidc', ...changes }), kid, 'ES256', now).then(
      (key) => key.thumbprint,
      (error: unknown) => (error instanceof EvidenceError ? error.code : String(error)),
    );
}

/** Why nothing was found, in words: that it was refused, not that nobody listened there. */
async function reasonOf(changes: Partial<Anchor>, options: KeyStoreOptions = {}): Promise<string> {
  const store = createKeyStore({ timeout: TIMEOUT, ...options });
  return store.find(anchorOf(issuer, { kind: 'oidc', ...changes }), 'k', 'ES256', START).then(
    () => 'found',
    (error: unknown) =>
      error instanceof EvidenceError && error.code === 'unavailable' ? error.message : String(error),
  );
}

const fetches = () => issuer.requests.filter((path) => path === '/ci/jwks').length;

describe('createKeyStore', () => {
  test('asks discovery and keys once for any number at the same time, and then not until they age', async () => {
    const find = storeWith();
    const found = await Promise.all(Array.from({ length: 50 }, async () => find(START)));
    expect(new Set(found)).toEqual(new Set([found[0]]));
    expect(await find(START + 299 * SECOND)).toBe(found[0]);
    expect(issuer.requests).toEqual(['/ci/.well-known/openid-configuration', '/ci/jwks']);
    await find(START + 300 * SECOND);
    expect(fetches()).toBe(2);
  });

  test('asks no discovery where the anchor says where keys are', async () => {
    const find = storeWith();
    expect(await find(START, issuer.kid, { jwksUri: `${issuer.issuer}/jwks` })).toHaveLength(43);
    expect(issuer.requests).toEqual(['/ci/jwks']);
  });

  test('P10 a key taken out of the set is refused when the set has aged, and a new one is found', async () => {
    const find = storeWith();
    const oldKid = issuer.kid;
    const old = await find(START);
    await issuer.rotateKeys();
    expect(await find(START + 299 * SECOND, oldKid)).toBe(old);
    expect(await find(START + 300 * SECOND, oldKid)).toBe('key');
    expect(await find(START + 300 * SECOND)).toHaveLength(43);
  });

  test('P10 an emptied set is believed, not taken for a failure', async () => {
    const find = storeWith();
    await find(START);
    issuer.behave('no-keys');
    expect(await find(START + 300 * SECOND)).toBe('key');
  });

  test('P10 the same name for another key counts once the set has aged', async () => {
    const find = storeWith();
    const old = await find(START);
    issuer.behave('changed-keys');
    expect(await find(START + 300 * SECOND)).not.toBe(old);
  });

  test('T4 ten thousand unknown kids ask once per 30 s', async () => {
    const find = storeWith();
    await find(START);
    for (const later of [30, 45, 59]) {
      const unknown = Array.from({ length: 10_000 }, async (_, i) =>
        find(START + later * SECOND, `unknown-${i}`),
      );
      expect(new Set(await Promise.all(unknown))).toEqual(new Set(['key']));
    }
    expect(fetches()).toBe(2);
    await find(START + 60 * SECOND, 'unknown');
    expect(fetches()).toBe(3);
  });

  test('T4 a rotated key is found as soon as the cooldown allows', async () => {
    const find = storeWith();
    await find(START);
    await issuer.rotateKeys(true);
    expect(await find(START + 29 * SECOND)).toBe('key');
    expect(await find(START + 30 * SECOND)).toHaveLength(43);
    expect(await find(START + 30 * SECOND, 'key-1')).toHaveLength(43);
  });

  test.each([
    ['max-age=5', 60],
    ['no-store', 60],
    ['private, max-age=120, must-revalidate', 120],
    ['max-age=86400', 3_600],
    ['max-age=99999999999999999999', 600],
    ['s-maxage=70', 600],
    ['', 600],
  ])('keeps keys as `%s` says, within 1 min and 1 h: %d s', async (cacheControl, seconds) => {
    await using other = await startOidcIssuer({ now: () => START, algorithm: 'ES256', cacheControl });
    const find = storeWith();
    for (const now of [0, seconds * SECOND - 1, seconds * SECOND])
      await find(START + now, 'key-1', { issuer: other.issuer });
    expect(other.requests.filter((path) => path === '/jwks')).toHaveLength(2);
  });
});

describe('an issuer that fails', () => {
  test.each(HOSTILE)('P9 G17 is bounded without keys: %s', async (behaviour) => {
    const find = storeWith();
    issuer.behave(behaviour);
    const before = performance.now();
    expect(await find(START)).toBe('unavailable');
    expect(performance.now() - before).toBeLessThan(TIMEOUT + 1_000);
    const asked = issuer.requests.length;
    expect(await find(START + 4 * SECOND)).toBe('unavailable');
    expect(issuer.requests).toHaveLength(asked);
    issuer.behave('honest');
    expect(await find(START + 5 * SECOND)).toHaveLength(43);
  });

  test.each(REASONS)('P9 G17 says what is wrong: %s', async (behaviour, reason) => {
    issuer.behave(behaviour);
    expect(await reasonOf({})).toContain(reason);
  });

  test('P9 of 50 MB no more is taken than fits on the way', async () => {
    issuer.behave('huge-body');
    await reasonOf({}, { timeout: 5_000 });
    expect(issuer.hugeBytes).toBeLessThan(16 * 1024 * 1024);
  });

  test.each(HOSTILE)('T4 keeps its last keys for a day: %s', async (behaviour) => {
    const find = storeWith();
    const key = await find(START);
    issuer.behave(behaviour);
    expect(await find(START + HOUR)).toBe(key);
    expect(await find(START + HOUR + 10 * SECOND)).toBe(key);
    expect(await find(START + 24 * HOUR - 1)).toBe(key);
    expect(await find(START + 24 * HOUR)).toBe('unavailable');
    issuer.behave('honest');
    expect(await find(START + 24 * HOUR + 30 * SECOND)).toBe(key);
  });

  test('holds nobody up while its keys are still believed', async () => {
    const find = storeWith();
    const key = await find(START);
    issuer.behave('silent');
    await find(START + HOUR);
    const before = performance.now();
    expect(await find(START + HOUR + 30 * SECOND)).toBe(key);
    expect(performance.now() - before).toBeLessThan(TIMEOUT / 2);
  });

  test('says that it could not be asked about a kid it might know by now', async () => {
    const find = storeWith();
    await find(START);
    issuer.behave('error');
    expect(await find(START + 30 * SECOND, 'unknown')).toBe('unavailable');
  });
});

describe('where keys are fetched from', () => {
  const jwks = () => `${issuer.issuer}/jwks`;

  test('P9 never from loopback over http unless the anchor allows private addresses', async () => {
    expect(await reasonOf({ privateAddresses: false })).toContain('must be https');
    expect(await reasonOf({ privateAddresses: false, jwksUri: jwks() })).toContain('must be https');
    expect(issuer.requests).toEqual([]);
  });

  test.each([
    ['file:///etc/passwd', 'must be https'],
    ['ftp://127.0.0.1/jwks', 'must be https'],
    ['data:application/json,{}', 'must be https'],
    ['jwks', 'is not a url'],
    ['', 'is not a url'],
    ['https://user:password@keys.example/jwks', 'without user'],
    ['https://keys.example/jwks#x', 'fragment'],
    ['http://10.0.0.1/jwks', 'not allowed'],
    ['http://1.1.1.1/jwks', 'not allowed'],
    ['http://169.254.169.254/latest', 'not allowed'],
    ['https://169.254.169.254/latest', 'not allowed'],
    ['https://[::ffff:169.254.169.254]/jwks', 'not allowed'],
    ['https://[fd00:ec2::254]/jwks', 'not allowed'],
    ['https://0/jwks', 'not allowed'],
    ['https://[::]/jwks', 'not allowed'],
  ])('P9 not from %j, whatever the anchor allows', async (jwksUri, reason) => {
    expect(await reasonOf({ jwksUri })).toContain(reason);
  });

  test.each([
    'https://127.0.0.1/jwks',
    'https://2130706433/jwks',
    'https://0x7f.1/jwks',
    'https://[::1]/jwks',
    'https://[::ffff:127.0.0.1]/jwks',
    'https://[fd00::1]/jwks',
    'https://192.168.1.1/jwks',
    'https://localhost/jwks',
  ])('P9 not from our own network, unless the anchor allows it: %s', async (jwksUri) => {
    expect(await reasonOf({ jwksUri, privateAddresses: false })).toContain('not allowed');
    expect(await reasonOf({ jwksUri: 'https://127.0.0.1:1/jwks' })).toContain('did not answer');
  });

  test('P9 connects to the address that was checked, and resolves a name once', async () => {
    const port = new URL(issuer.issuer).port;
    const asked: string[] = [];
    const find = storeWith({
      resolve: async (host) => {
        asked.push(host);
        return asked.length === 1 ? ['127.0.0.1'] : ['169.254.169.254'];
      },
    });
    expect(await find(START, issuer.kid, { jwksUri: `http://keys.invalid:${port}/ci/jwks` })).toHaveLength(
      43,
    );
    expect(asked).toEqual(['keys.invalid']);
    expect(await find(START + HOUR, 'unknown', { jwksUri: `http://keys.invalid:${port}/ci/jwks` })).toBe(
      'unavailable',
    );
  });

  test.each([
    ['no address', [], 'has no address'],
    ['a private address among public ones', ['93.184.215.14', '10.0.0.1'], 'not allowed'],
    ['a loopback address', ['127.0.0.1'], 'not allowed'],
    ['a metadata service', ['169.254.169.254'], 'not allowed'],
    ['no ip address at all', ['keys.example'], 'not allowed'],
  ])('P9 refuses a name that resolves to %s', async (_name, addresses, reason) => {
    const options = { resolve: async () => addresses };
    expect(await reasonOf({ issuer: 'https://keys.example', privateAddresses: false }, options)).toContain(
      reason,
    );
  });

  test('P9 gives up on a resolver that fails or never answers', async () => {
    const failing = { resolve: async () => Promise.reject(new Error('no such name')) };
    const silent = { resolve: async () => new Promise<never>(() => undefined) };
    const there = { issuer: 'https://keys.example', privateAddresses: false };
    expect(await reasonOf(there, failing)).toContain('does not resolve');
    expect(await reasonOf(there, silent)).toContain('does not resolve');
  });
});
