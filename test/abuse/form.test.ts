import { createDpopKey, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  asClient,
  encoded,
  FORM,
  issuedCount,
  issuedToken,
  proofBy,
  type Received,
  send,
} from './requests.ts';

let world: World;
let nonce: string;
const key = createDpopKey();

beforeAll(async () => {
  world = await startWorld();
  nonce = await world.nonce();
});
afterAll(async () => world[Symbol.asyncDispose]());

const POSTS = ['/token', '/introspect', '/revoke'];
const GETS = [
  '/jwks',
  '/checkpoint',
  '/tile/0/000.p/1',
  `/receipts/${'0'.repeat(64)}`,
  '/livez',
  '/readyz',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const TYPES = [
  'application/json',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencodedx',
  'x',
  '',
];

const wrongMethods = [
  ...POSTS.flatMap((path) =>
    METHODS.filter((method) => method !== 'POST').map((method) => [method, path] as const),
  ),
  ...GETS.flatMap((path) =>
    METHODS.filter((method) => method !== 'GET' && method !== 'HEAD').map(
      (method) => [method, path] as const,
    ),
  ),
];

test.each(wrongMethods)('C4 %s %s is refused with the methods there are', async (method, path) => {
  const { status, headers } = await send(world.url, { method, path });
  expect(status).toBe(405);
  expect(headers.allow).toBe(POSTS.includes(path) ? 'POST' : 'GET, HEAD');
  expect(headers['cache-control']).toBe('no-store');
});

test.each(['TRACE', 'PROPFIND', 'MKCOL'])('C4 %s has no answer anywhere', async (method) => {
  for (const path of [...POSTS, ...GETS]) {
    const { status } = await send(world.url, { method, path });
    expect([404, 405]).toContain(status);
  }
});

test.each(POSTS.flatMap((path) => TYPES.map((type) => [path, type] as const)))(
  'C4 %s takes no body of type `%s`',
  async (path, type) => {
    const body = '{"grant_type":"x"}';
    const { status } = await send(world.url, { path, headers: { 'content-type': type }, body });
    expect(status).toBe(415);
  },
);

/** A good form of every endpoint that reads one. */
function goodForm(path: string, token: string): Record<string, string> {
  if (path === '/token') return Object.fromEntries(world.form({ requested_token_type: TYPE }));
  return asClient(world.clientAssertion(), { token, client_id: 'deploy-api' });
}

const TYPE = 'urn:ietf:params:oauth:token-type:access_token';
const POISON = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '[object Object]'];
const MUTATIONS: Readonly<Record<string, (name: string, value: string) => string | null>> = {
  missing: () => null,
  'given twice': (name, value) => `${name}=${encodeURIComponent(value)}&${name}=${encodeURIComponent(value)}`,
  'given twice, once empty': (name, value) => `${name}=&${name}=${encodeURIComponent(value)}`,
  empty: (name) => `${name}=`,
  'without equals sign': (name) => name,
  '1 MB long': (name) => `${name}=${'x'.repeat(1 << 20)}`,
  'with a NUL': (name, value) => `${name}=${encodeURIComponent(value)}%00`,
  'with an escape outside UTF-8': (name, value) => `${name}=${encodeURIComponent(value)}%ff`,
  'with an unfinished escape': (name, value) => `${name}=${encodeURIComponent(value)}%4`,
  'with half a surrogate pair': (name, value) => `${name}=${encodeURIComponent(value)}%ed%a0%80`,
  ...Object.fromEntries(
    POISON.map((word) => [`\`${word}\``, (name: string) => `${name}=${encodeURIComponent(word)}`]),
  ),
  'with a line break': (name, value) => `${name}=${encodeURIComponent(value)}%0d%0aX-Evil%3a%201`,
};
const ABSENT = ['missing', 'empty', 'without equals sign'];
const REPEATED = ['given twice', 'given twice, once empty'];

/** Whether the request is as good as it was: what says nothing that is needed is absent, or one resource is repeated. */
function isHarmless(path: string, name: string, mutation: string): boolean {
  const needless = path === '/token' ? name === 'requested_token_type' : name === 'client_id';
  return needless && ABSENT.includes(mutation);
}

/** A text that is no token is dead, and nothing more is said about it (RFC 7662 §2.2, RFC 7009 §2.2). */
function isDeadToken(path: string, name: string, mutation: string): boolean {
  const absent = [...ABSENT, ...REPEATED].includes(mutation) || /UTF-8|escape|surrogate|1 MB/.test(mutation);
  return path !== '/token' && name === 'token' && !absent;
}

async function ask(path: string, body: string): Promise<Received> {
  const headers = path === '/token' ? { dpop: proofBy(world, key, nonce) } : {};
  return send(world.url, { path, body, headers });
}

test.each(Object.keys(MUTATIONS))('C3 every parameter of every form, %s', async (mutation) => {
  const token = await issuedToken(world);
  for (const path of POSTS) {
    for (const name of Object.keys(goodForm(path, token))) {
      const { [name]: value = '', ...rest } = goodForm(path, token);
      const changed = MUTATIONS[mutation]?.(name, value) ?? null;
      const body = [encoded(rest), changed].filter((each) => each !== null).join('&');
      const before = issuedCount(world);
      const answer = await ask(path, body);
      const where = `${path} ${name} ${mutation}`;
      const good = isHarmless(path, name, mutation);
      const dead = isDeadToken(path, name, mutation);
      expect(`${where}: ${answer.status}`).toMatch(good || dead ? /: 200$/ : /: 4(?:00|01|13)$/);
      expect(`${where}: ${issuedCount(world) - before}`).toBe(
        `${where}: ${good && path === '/token' ? 1 : 0}`,
      );
      expect(answer.body['active'] ?? false).toBe(good && path === '/introspect');
      expect(answer.headers['x-evil']).toBeUndefined();
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  }
});

test('C3 a body that is no UTF-8, no form or of too many parameters is refused', async () => {
  const good = world.form().toString();
  for (const body of [
    Buffer.from(`${good}&x=\u00ff`, 'latin1'),
    `${good}&x=%`,
    `${good}&%zz=1`,
    `${good}${'&x=1'.repeat(64)}`,
  ]) {
    const { status, body: said } = await ask('/token', body as string);
    expect({ status, error: said['error'] }).toEqual({ status: 400, error: 'invalid_request' });
  }
});

test('C1 more than one way to authenticate is refused', async () => {
  const authorization = `Basic ${Buffer.from('svc-payments:x').toString('base64')}`;
  for (const path of POSTS) {
    for (const value of [authorization, 'Basic !', 'Basic Og==', 'Bearer x', '']) {
      const { status, body } = await send(world.url, {
        path,
        body: world.form().toString(),
        headers: { authorization: value },
      });
      expect({ path, status, error: body['error'] }).toEqual({ path, status: 400, error: 'invalid_request' });
    }
  }
  for (const more of [
    { client_assertion: world.clientAssertion() },
    { client_secret: 'x' },
    { client_assertion_type: 'x' },
  ]) {
    const { status, body } = await ask('/token', world.form(more).toString());
    expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_request' });
  }
  const both = encoded(asClient(world.clientAssertion(), { token: 'x' }));
  const proof = proofBy(world, key, nonce, '/revoke');
  const { body } = await send(world.url, { path: '/revoke', body: both, headers: { dpop: proof } });
  expect(body['error']).toBe('invalid_request');
});

test('C2 nothing is read from the URL, and a good request with a query is refused', async () => {
  for (const path of POSTS) {
    for (const query of ['?', '?x=1', `?${world.form().toString().slice(0, 1_000)}`]) {
      const { status, body } = await ask(path + query, world.form().toString());
      expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_request' });
    }
  }
});

test('C5 no scope is never all scopes, and more than may be had is refused, not trimmed', async () => {
  for (const scope of [
    undefined,
    '',
    ' ',
    'deploy:read ',
    ' deploy:read',
    'deploy:read  deploy:write',
    'deploy:read deploy:admin',
    '*',
    'deploy:*',
    'DEPLOY:READ',
    'deploy:read\ndeploy:write',
  ]) {
    const { status, body } = await world.exchange(key, { scope });
    expect({ scope, status, error: body['error'] }).toEqual({ scope, status: 400, error: 'invalid_scope' });
  }
  const { body } = await world.exchange(key, { scope: 'deploy:write deploy:read deploy:read' });
  expect(body['scope']).toBe('deploy:read deploy:write');
});

test('C10 what is issued is not stored by anybody on the way, and there is no refresh token', async () => {
  const { status, headers, body } = await world.exchange(key);
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(Object.keys(body).toSorted()).toEqual([
    'access_token',
    'expires_in',
    'issued_token_type',
    'scope',
    'token_type',
    'writ_index',
    'writ_receipt',
    'writ_run',
  ]);
});

test.each([
  '/tile/%',
  '/%',
  '/receipts/%ff',
  `/receipts/${'a'.repeat(4_000)}`,
  '/token/%00',
  '//token',
  '/TOKEN',
  '/token/',
])('C4 the URL %s is no URL of ours, and the answer does not repeat it', async (path) => {
  const { status, text, headers } = await send(world.url, {
    path,
    headers: { 'content-type': FORM },
    body: '',
  });
  expect([400, 404, 405, 414]).toContain(status);
  expect(text).not.toContain(path);
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('C3 unknown parameters are ignored, whatever they are called', async () => {
  const extra = [
    'x=1',
    '__proto__=1',
    'constructor[prototype][x]=1',
    'x[]=1&x[]=2',
    '=1',
    'subject_token[]=1',
  ].join('&');
  const { status } = await ask('/token', `${world.form().toString()}&${extra}`);
  expect(status).toBe(200);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Reflect.get({}, 'x')).toBeUndefined();
});
