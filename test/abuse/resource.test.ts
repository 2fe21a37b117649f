import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dev, serve } from '@writ/server/commands';
import { ACME, createDpopKey, freePort, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { issuedCount, proofBy, send } from './requests.ts';

let world: World;
const key = createDpopKey();
const DEPLOY = 'https://deploy.acme.example';

beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => world[Symbol.asyncDispose]());

const RESOURCES: readonly (readonly [id: string, resource: string])[] = [
  ['R1', 'deploy.acme.example'],
  ['R1', '/deploy'],
  ['R1', '//deploy.acme.example'],
  ['R1', `${DEPLOY}#x`],
  ['R1', `${DEPLOY}#`],
  ['R1', 'https://user@deploy.acme.example'],
  ['R1', 'https://deploy.acme.example@evil.example'],
  ['R1', 'urn:deploy'],
  ['R1', 'javascript:alert(1)'],
  ['R2', 'https://unknown.example'],
  ['R2', 'https://writ.acme.example'],
  ['R4', '*'],
  ['R4', 'https://*.acme.example'],
  ['R4', 'https://*'],
  ['R4', 'https://deploy.acme'],
  ['R4', `${DEPLOY}/*`],
  ['R5', `${DEPLOY}/`],
  ['R5', `${DEPLOY}:443`],
  ['R5', DEPLOY.toUpperCase()],
  ['R5', 'https://DEPLOY.acme.example'],
  ['R5', 'https://deploy.acme.example.'],
  ['R5', `${DEPLOY}/.`],
  ['R5', `${DEPLOY}?`],
  ['R5', ` ${DEPLOY}`],
  ['R5', `${DEPLOY} `],
  ['R5', 'http://deploy.acme.example'],
  ['R7', 'https://deploy.acme.example.evil.example'],
  ['R7', 'https://evildeploy.acme.example'],
  ['R7', 'https://deploy.acme.examp1e'],
  ['R7', 'https://dep\u{043b}oy.acme.example'],
  ['R7', `${DEPLOY}\u0000.evil.example`],
];

test.each(RESOURCES)('%s %j is no audience of ours', async (_id, resource) => {
  const before = issuedCount(world);
  for (const changes of [{ resource }, { resource: undefined, audience: resource }]) {
    const { status, body } = await world.exchange(key, changes);
    expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_target' });
  }
  expect(issuedCount(world)).toBe(before);
});

test('R2 no resource is no default audience', async () => {
  for (const resource of [undefined, '']) {
    expect((await world.exchange(key, { resource })).body['error']).toBe('invalid_target');
  }
});

test('R3 X11 two resources are refused, in one parameter or in two', async () => {
  const nonce = await world.nonce();
  const artifacts = encodeURIComponent('https://artifacts.acme.example');
  const same = encodeURIComponent(DEPLOY);
  for (const more of [
    `resource=${artifacts}`,
    `audience=${artifacts}`,
    `audience=svc-payments`,
    `resource=${same}`,
  ]) {
    const body = `${world.form().toString()}&${more}`;
    const { status, body: said } = await send(world.url, {
      path: '/token',
      body,
      headers: { dpop: proofBy(world, key, nonce) },
    });
    expect({ status, error: said['error'] }).toEqual({ status: 400, error: 'invalid_target' });
  }
});

test('R4 the audience of what is issued is the one asked for, alone', async () => {
  const { body } = await world.exchange(key);
  const [, payload = ''] = String(body['access_token']).split('.');
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ aud: DEPLOY });
});

const WELL_KNOWN = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

test('W1 W2 both metadata documents are one, and no header changes it', async () => {
  const [plain = '', openid] = await Promise.all(
    WELL_KNOWN.map(async (path) => (await send(world.url, { method: 'GET', path })).text),
  );
  expect(openid).toBe(plain);
  for (const headers of [
    { host: 'evil.example' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    { forwarded: 'host=evil.example' },
  ]) {
    for (const path of WELL_KNOWN) {
      expect((await send(world.url, { method: 'GET', path, headers })).text).toBe(plain);
    }
  }
});

test('W2 W4 metadata names our issuer, our endpoints and no `none` where something is signed', async () => {
  const { body } = await send(world.url, { method: 'GET', path: WELL_KNOWN[0] ?? '' });
  expect(body['issuer']).toBe(world.url);
  const values = (suffix: RegExp): unknown[] =>
    Object.entries(body).flatMap(([name, value]) => (suffix.test(name) ? [value] : []));
  const addresses = values(/_(?:endpoint|uri|checkpoint|receipts)$/);
  expect(addresses.filter((address) => !String(address).startsWith(`${world.url}/`))).toEqual([]);
  expect(values(/signing_alg/).flat()).not.toContain('none');
  expect(body['response_types_supported']).toEqual([]);
});

test('W2 an issuer with a path is served below it, and its metadata stands where both specifications look', async () => {
  const data = mkdtempSync(join(tmpdir(), 'writ-path-'));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const running = await dev(
    { directory: ACME, data, listen: `127.0.0.1:${port}`, publicUrl: `${base}/id/writ` },
    () => undefined,
  );
  try {
    const get = async (path: string) => send(base, { method: 'GET', path });
    const inserted = await get('/.well-known/oauth-authorization-server/id/writ');
    const appended = await get('/id/writ/.well-known/openid-configuration');
    expect(inserted.body['issuer']).toBe(`${base}/id/writ`);
    expect(appended.text).toBe(inserted.text);
    expect((await get('/.well-known/oauth-authorization-server')).status).toBe(404);
    expect((await get('/jwks')).status).toBe(404);
    expect((await get('/id/writ/jwks')).status).toBe(200);
  } finally {
    running.stop();
    await running.stopped;
    rmSync(data, { recursive: true, force: true });
  }
});

test('W5 an issuer without TLS is refused outside dev, and in dev beyond this machine', async () => {
  const data = join(tmpdir(), 'writ-never-made');
  const options = { directory: ACME, data, listen: '127.0.0.1:0' };
  await expect(serve({ ...options, publicUrl: 'http://writ.acme.example' })).rejects.toMatchObject({
    code: 'invalid',
  });
  await expect(dev({ ...options, publicUrl: 'http://writ.acme.example' })).rejects.toMatchObject({
    code: 'invalid',
  });
});
