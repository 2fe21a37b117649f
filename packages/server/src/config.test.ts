import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WritError } from '@writ/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Overrides, readConfig } from './config.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'writ-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const LEAST = 'writ: config/v1\ntrust-domain: acme.example\npublic-url: https://writ.acme.example\n';

function read(text: string, overrides: Overrides = {}): ReturnType<typeof readConfig> {
  writeFileSync(join(directory, 'writ.yaml'), text);
  return readConfig(directory, overrides);
}

function refusal(text: string, overrides: Overrides = {}): string {
  try {
    read(text, overrides);
  } catch (error) {
    if (error instanceof WritError && error.code === 'invalid') return error.message;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

test('the least there is says who we are; everything else has a good value', () => {
  expect(read(LEAST)).toEqual({
    trustDomain: 'acme.example',
    publicUrl: 'https://writ.acme.example',
    listen: { host: '127.0.0.1', port: 8420 },
    store: { kind: 'sqlite' },
    rotation: { every: 2_592_000, lead: 86_400 },
    webhooks: [],
    signIn: null,
  });
});

test('what stands in the file is what is used', () => {
  const more = `listen: "[::1]:9000"\nissuer-keys: { rotate-every: 7d, lead: 1h }\n`;
  expect(read(LEAST + more)).toMatchObject({
    listen: { host: '::1', port: 9000 },
    rotation: { every: 604_800, lead: 3_600 },
  });
});

test('how people sign in: by an anchor, whose client may have a secret in a file', () => {
  expect(read(`${LEAST}sign-in: { anchor: oidc/workforce }\n`).signIn).toEqual({
    anchor: 'oidc/workforce',
    clientSecret: null,
    scopes: [],
  });
  writeFileSync(join(directory, 'client-secret'), 'hidden\n');
  const more = 'sign-in: { anchor: oidc/workforce, client-secret-file: client-secret, scopes: [profile] }\n';
  const { signIn } = read(LEAST + more);
  expect([signIn?.clientSecret?.reveal(), signIn?.scopes]).toEqual(['hidden', ['profile']]);
  expect(JSON.stringify(signIn)).not.toContain('hidden');
});

test.each([
  ['sign-in: {}', '`anchor` is missing'],
  ['sign-in: { anchor: Workforce }', 'expected a name such as `oidc/workforce`'],
  ['sign-in: { anchor: oidc/workforce, client-secret: hidden }', 'unknown key `client-secret`'],
  [
    'sign-in: { anchor: oidc/workforce, client-secret-file: nowhere }',
    '`sign-in.client-secret-file` names it',
  ],
  ['sign-in: { anchor: oidc/workforce, scopes: ["a b"] }', 'expected a scope such as `profile`'],
])('%s is refused', (more, message) => {
  expect(refusal(`${LEAST}${more}\n`)).toContain(message);
});

test('the command line stands over the file, and is held to the same rules', () => {
  expect(read(LEAST, { listen: '0.0.0.0:1', publicUrl: 'http://localhost:1' })).toMatchObject({
    publicUrl: 'http://localhost:1',
    listen: { host: '0.0.0.0', port: 1 },
  });
  expect(refusal(LEAST, { publicUrl: 'https://writ.acme.example/' })).toMatch(/^--public-url: /);
  expect(refusal(LEAST, { listen: '8420' })).toMatch(/^--listen: /);
});

test.each([
  'writ.acme.example',
  'https://writ.acme.example/',
  'https://WRIT.acme.example',
  'https://user@writ.acme.example',
  'https://writ.acme.example?x',
  'https://writ.acme.example#x',
  'https://writ.acme.example:99999',
  'https://writ.acme.example:443',
  'https://writ.acme.example/a/../b',
  'https://writ.acme.example/a//b',
  'https://writ.acme.example/a b',
  'ftp://writ.acme.example',
  'https://',
])('W2 the public URL %s is refused', (url) => {
  expect(refusal(LEAST.replace('https://writ.acme.example', url))).toContain('writ.yaml:3');
});

test.each([
  'localhost',
  '127.0.0.1:99999',
  ':8420',
  '127.0.0.1:',
  'http://127.0.0.1:1',
  '127.0.0.1:1:2',
  '-1',
])('listening on %s is refused', (listen) => {
  expect(refusal(`${LEAST}listen: "${listen}"\n`)).toContain(listen);
});

test('what is unknown, missing, twice or of another version is refused, all mistakes at once', () => {
  const text = refusal('writ: config/v2\npublic-url: x\nother: 1\n');
  for (const word of ['config/v1', 'trust-domain', 'public-url', 'other']) expect(text).toContain(word);
  expect(refusal(`${LEAST}writ: config/v1\n`)).toContain('writ');
  expect(refusal('')).not.toBe('');
  expect(refusal('[]')).not.toBe('');
  expect(refusal('a: *b\n')).not.toBe('');
});

test('O1 a secret is read from the file that is named, and never stands in this one', () => {
  writeFileSync(join(directory, 'url'), 'postgres://writ:secret@db/writ\n');
  const config = read(`${LEAST}store: { postgres: { url-file: url } }\n`);
  expect(config.store).toEqual({ kind: 'postgres', connectionString: 'postgres://writ:secret@db/writ' });
  expect(refusal(`${LEAST}store: { postgres: { url: "postgres://writ:secret@db/writ" } }\n`)).toContain(
    'url-file',
  );
  expect(refusal(`${LEAST}store: { postgres: { url-file: nowhere } }\n`)).toMatch(/cannot be read/);
});

test('a directory without the file is refused, and the help names a complete one', () => {
  rmSync(join(directory, 'writ.yaml'), { force: true });
  expect(() => readConfig(directory)).toThrow(/examples\/acme/);
});
