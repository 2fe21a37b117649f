import { createDpopKey, startWorld, type World } from '@writ/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOperatorApp } from './app.ts';

let world: World;
let app: FastifyInstance;

beforeAll(async () => {
  world = await startWorld();
  const { engine, store } = world.running.house;
  app = createOperatorApp(engine, store, world.url);
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await world[Symbol.asyncDispose]();
});

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const ROUTES = [
  'GET /status',
  'GET /identities',
  'GET /identities/x',
  'POST /freeze',
  'POST /invitations/first',
  'GET /explain/x',
];

test('S4.1 there is a route to freeze, to list, to show, to explain and to invite the first administrator, and no other', async () => {
  const words = ['status', 'identities', 'identities/x', 'freeze', 'invitations/first', 'explain/x'];
  const forbidden = [
    '',
    'issue',
    'token',
    'approve',
    'approvals',
    'unfreeze',
    'lift',
    'freeze/x',
    'publish',
    'artefacts',
    'keys',
    'invitations',
    'invitations/user:ana',
    'sessions',
    'revoke',
    'runs',
    'confirm',
    'identities/x/rights',
    'sql',
  ];
  const found: string[] = [];
  for (const path of [...words, ...forbidden]) {
    for (const method of METHODS) {
      if (
        app.hasRoute({
          method,
          url: `/${path}`
            .replace('identities/x', 'identities/:name')
            .replace('explain/x', 'explain/:reference'),
        })
      ) {
        found.push(`${method} /${path}`);
      }
    }
  }
  expect(found.toSorted()).toEqual(ROUTES.toSorted());
  const lines = app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .filter((line) => line.includes('('));
  expect(lines.length).toBe(ROUTES.length);
});

test('S4.1 the first administrator is invited over the socket, once anybody has a passkey nobody is', async () => {
  await using named = await startWorld({ host: 'localhost' });
  const { engine, store } = named.running.house;
  await using local = createOperatorApp(engine, store, named.url);
  const invite = async (person: string) => {
    const { statusCode, body } = await local.inject({
      method: 'POST',
      url: '/invitations/first',
      payload: { person },
    });
    return { statusCode, answer: JSON.parse(body) };
  };
  expect(await invite('user:ana')).toEqual({
    statusCode: 200,
    answer: {
      person: 'user:ana',
      url: expect.stringMatching(new RegExp(`^${named.url}/enrol#[A-Za-z0-9_-]{43}$`)),
      expiresAt: expect.stringMatching(/Z$/),
    },
  });
  expect(await invite('user:nobody')).toMatchObject({ statusCode: 404, answer: { code: 'unknown' } });
  expect(await invite('user:rui')).toMatchObject({ statusCode: 403, answer: { code: 'refused' } });
  expect(await invite('')).toMatchObject({ statusCode: 400, answer: { code: 'malformed' } });
  await fetch(`${named.url}/dev/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"person":"user:mei"}',
  });
  expect(await invite('user:ana')).toMatchObject({ statusCode: 403, answer: { code: 'refused' } });
});

test('S4.1 nothing that an operator can call writes anything but a freeze and that invitation', async () => {
  const { store } = world.running.house;
  const { size } = await store.read.tree();
  for (const method of METHODS) {
    for (const url of [
      '/status',
      '/identities',
      '/identities/svc-payments',
      '/explain/0',
      '/freeze/x',
      '/publish',
      '/token',
    ]) {
      await app.inject({
        method,
        url,
        ...(method === 'GET' ? {} : { payload: { scope: 'everything', reason: 'x' } }),
      });
    }
  }
  expect((await store.read.tree()).size).toBe(size);
});

test('what cannot be read is the caller’s mistake, in a stable code', async () => {
  for (const [payload, type] of [
    ['{', 'application/json'],
    ['{"__proto__":{}}', 'application/json'],
    ['x', 'text/plain'],
    ['[]', 'application/json'],
    ['{"scope":1,"reason":"x"}', 'application/json'],
    ['{"reason":"x"}', 'application/json'],
    [JSON.stringify({ scope: 'x'.repeat(5_000), reason: 'x' }), 'application/json'],
    [JSON.stringify({ scope: 'everything', reason: 'x'.repeat(20_000) }), 'application/json'],
  ] as const) {
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: '/freeze',
      payload,
      headers: { 'content-type': type },
    });
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(statusCode).toBeLessThan(500);
    expect(JSON.parse(body)).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  }
});

test.each([
  ['/identities/nobody', 404],
  ['/identities/__proto__', 404],
  ['/identities/constructor', 404],
  ['/explain/ref_unknown', 404],
  ['/explain/__proto__', 404],
  ['/explain/999999999', 404],
  ['/explain/..%2f..', 404],
])('F8 %s is nothing', async (url, status) => {
  const { statusCode } = await app.inject({ method: 'GET', url });
  expect(statusCode).toBe(status);
});

test('F10 a freeze names its place in the ledger, once', async () => {
  const freeze = async (scope: string) =>
    app.inject({ method: 'POST', url: '/freeze', payload: { scope, reason: 'for the tests' } });
  const first = (await freeze('right:payments-deploy')).json<{ index: number; already: boolean }>();
  expect(first).toMatchObject({ scope: 'right:payments-deploy', already: false });
  expect((await freeze('right:payments-deploy')).json()).toEqual({ ...first, already: true });
  expect((await freeze('right:nothing')).statusCode).toBe(404);
  expect((await freeze('everythin')).statusCode).toBe(400);
  expect((await world.exchange(createDpopKey())).body['writ_rule']).toBe('gate.freeze');
});

test('law 14 an operator hears everything of a refusal, the caller only its reference', async () => {
  const { body } = await world.exchange(createDpopKey(), { subject_token: 'garbage' });
  const { refusal } = (await app.inject({ url: `/explain/${String(body['writ_ref'])}` })).json<{
    refusal: Record<string, unknown>;
  }>();
  expect(refusal).toMatchObject({
    identity: 'svc-payments',
    disclosed: false,
    reasons: [{ stage: 'proof' }],
  });
});
