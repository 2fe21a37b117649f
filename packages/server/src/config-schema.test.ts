import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from './config.ts';

const schema: object = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../docs/reference/writ.schema.json'), 'utf8'),
);
const validator = Fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } });
validator.post('/', { schema: { body: schema } }, async () => ({}));

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'writ-schema-'));
  writeFileSync(join(directory, 'url'), 'postgres://x\n');
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await validator.close();
});

/** What the published schema says, and what the loader says, of one `writ.yaml`: JSON is YAML. */
async function judged(config: object): Promise<{ readonly schema: boolean; readonly loader: boolean }> {
  const { statusCode } = await validator.inject({ method: 'POST', url: '/', payload: config });
  writeFileSync(join(directory, 'writ.yaml'), JSON.stringify(config));
  try {
    readConfig(directory);
    return { schema: statusCode === 200, loader: true };
  } catch {
    return { schema: statusCode === 200, loader: false };
  }
}

const least = {
  writ: 'config/v1',
  'trust-domain': 'acme.example',
  'public-url': 'https://writ.acme.example',
};
const store = { postgres: { 'url-file': 'url' } };

test.each<object>([
  least,
  { ...least, 'trust-domain': 'a_b-c.9' },
  { ...least, 'public-url': 'http://localhost:8420' },
  { ...least, 'public-url': 'https://acme.example/writ/a~b' },
  { ...least, listen: '0.0.0.0:65535' },
  { ...least, listen: '[::1]:0' },
  { ...least, listen: 'localhost:8420' },
  { ...least, store },
  { ...least, 'sign-in': { anchor: 'oidc/workforce' } },
  {
    ...least,
    'sign-in': { anchor: 'oidc/workforce', 'client-secret-file': 'url', scopes: ['profile', 'email'] },
  },
  { ...least, 'issuer-keys': { 'rotate-every': '30d', lead: '1d12h' } },
  { ...least, 'issuer-keys': { 'rotate-every': '90s', lead: '1m' } },
])('the schema and the loader accept %j', async (config) => {
  expect(await judged(config)).toEqual({ schema: true, loader: true });
});

test.each<object>([
  {},
  { ...least, writ: 'config/v2' },
  { ...least, 'trust-domain': 'Acme.example' },
  { ...least, 'trust-domain': '' },
  { ...least, 'trust-domain': 7 },
  { ...least, 'public-url': 'https://acme.example/' },
  { ...least, 'public-url': 'ftp://acme.example' },
  { ...least, 'public-url': 'https://acme.example?x' },
  { ...least, listen: '8420' },
  { ...least, listen: 'localhost:65536' },
  { ...least, listen: 'localhost:99999' },
  { ...least, listen: 8420 },
  { ...least, 'sign-in': {} },
  { ...least, 'sign-in': { anchor: 'Workforce' } },
  { ...least, 'sign-in': { anchor: 'oidc/workforce', 'client-secret': 'x' } },
  { ...least, 'sign-in': { anchor: 'oidc/workforce', 'client-secret-file': '' } },
  { ...least, 'sign-in': { anchor: 'oidc/workforce', scopes: ['a b'] } },
  { ...least, 'sign-in': { anchor: 'oidc/workforce', scopes: ['a', 'a'] } },
  { ...least, store: {} },
  { ...least, store: { sqlite: {} } },
  { ...least, store: { postgres: { 'url-file': '' } } },
  { ...least, store: { postgres: { url: 'postgres://x' } } },
  { ...least, 'issuer-keys': { 'rotate-every': '30d' } },
  { ...least, 'issuer-keys': { 'rotate-every': '0s', lead: '1d' } },
  { ...least, 'issuer-keys': { 'rotate-every': '', lead: '1d' } },
  { ...least, 'issuer-keys': { 'rotate-every': '1d30', lead: '1d' } },
  { ...least, 'issuer-keys': { 'rotate-every': '5m1h', lead: '1d' } },
  { ...least, 'public-URL': 'x' },
  { ...least, unknown: 1 },
])('the schema and the loader refuse %j', async (config) => {
  expect(await judged(config)).toEqual({ schema: false, loader: false });
});
