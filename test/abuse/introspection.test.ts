import { createHmac, createPublicKey, randomUUID } from 'node:crypto';
import { createDpopKey, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  asClient,
  audiences,
  ciToken,
  createResourceServer,
  encoded,
  issuedToken,
  otherSignature,
  otherSpellings,
  type ResourceServer,
  send,
} from './requests.ts';

let world: World;
const key = createDpopKey();
const deploy = createResourceServer('deploy-api');
const artifacts = createResourceServer('artifacts-api');

beforeAll(async () => {
  world = await startWorld({ files: audiences(deploy, artifacts) });
});
afterAll(async () => world[Symbol.asyncDispose]());

async function introspect(
  token: string,
  by: ResourceServer = deploy,
  more: Readonly<Record<string, string>> = {},
): ReturnType<typeof send> {
  const body = encoded(asClient(by.assertion(world.url), { token, ...more }));
  return send(world.url, { path: '/introspect', body });
}

test('I2 the resource server of the audience sees what it needs, and nobody a secret', async () => {
  const token = await issuedToken(world, key);
  const { body, headers } = await introspect(token);
  expect(Object.keys(body).toSorted()).toEqual([
    'active',
    'aud',
    'client_id',
    'cnf',
    'exp',
    'iat',
    'iss',
    'jti',
    'scope',
    'sub',
    'token_type',
  ]);
  expect(body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: key.thumbprint } });
  expect(headers['cache-control']).toBe('no-store');
});

test('I2 another resource server sees nothing, as of a token that never was', async () => {
  const token = await issuedToken(world, key);
  const foreign = await introspect(token, artifacts);
  const unknown = await introspect('never.was.one', artifacts);
  expect(foreign.text).toBe('{"active":false}');
  expect({ ...foreign, headers: { ...foreign.headers, date: '' } }).toEqual({
    ...unknown,
    headers: { ...unknown.headers, date: '' },
  });
});

const now = (): number => Math.floor(Date.now() / 1000);
type Assertion = readonly [id: string, name: string, form: () => Record<string, string>];
const claims = (id: string, name: string, changes: () => Readonly<Record<string, unknown>>): Assertion => [
  id,
  name,
  () => asClient(deploy.assertion(world.url, changes())),
];

const BAD_ASSERTIONS: readonly Assertion[] = [
  ['I1', 'nothing', () => ({})],
  ['I1', 'no assertion', () => ({ client_assertion_type: asClient('')['client_assertion_type'] ?? '' })],
  ['I1', 'no type', () => ({ client_assertion: deploy.assertion(world.url) })],
  [
    'P12',
    'the type of SPIFFE assertions',
    () => ({
      ...asClient(deploy.assertion(world.url)),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe',
    }),
  ],
  ['I1', 'a client_id and nothing else', () => ({ client_id: 'deploy-api' })],
  ['I1', 'a secret', () => ({ client_id: 'deploy-api', client_secret: 'x' })],
  claims('P1', 'the audience of the endpoint', () => ({ aud: `${world.url}/introspect` })),
  claims('P1', 'the audience of the token endpoint', () => ({ aud: `${world.url}/token` })),
  claims('P2', 'two audiences', () => ({ aud: [world.url, 'https://other.example'] })),
  claims('P2', 'an audience with a slash more', () => ({ aud: `${world.url}/` })),
  claims('P4', 'another iss', () => ({ iss: 'artifacts-api' })),
  claims('P4', 'another sub', () => ({ sub: 'artifacts-api' })),
  claims('P4 P8', 'the name of another client, by its own key', () => ({
    iss: 'artifacts-api',
    sub: 'artifacts-api',
  })),
  ['P4', 'another client_id', () => asClient(deploy.assertion(world.url), { client_id: 'artifacts-api' })],
  claims('P4', 'a client that is not known', () => ({ iss: 'nobody', sub: 'nobody' })),
  claims('P4', 'a client of Object.prototype', () => ({ iss: 'constructor', sub: 'constructor' })),
  claims('P6', 'no jti', () => ({ jti: undefined })),
  claims('P6', 'no exp', () => ({ exp: undefined })),
  claims('P6', 'exp 6 minutes ahead', () => ({ exp: now() + 360 })),
  claims('P6', 'exp a minute ago', () => ({ exp: now() - 61 })),
  claims('P6', 'iat 90 s ahead', () => ({ iat: now() + 90 })),
  claims('P6', 'nbf 90 s ahead', () => ({ nbf: now() + 90 })),
  [
    'P7',
    'HS256 by its public key',
    () => {
      const [, payload = ''] = deploy.assertion(world.url).split('.');
      const input = `${Buffer.from('{"alg":"HS256","kid":"deploy-api-1"}').toString('base64url')}.${payload}`;
      const secret = createPublicKey(deploy.key).export({ format: 'pem', type: 'spki' });
      return asClient(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`);
    },
  ],
  ['T10', 'evidence', () => asClient(ciToken(world))],
];

test.each(BAD_ASSERTIONS)(
  '%s %s authenticates nobody, and says to all the same',
  async (_id, _name, form) => {
    const token = await issuedToken(world, key);
    const bad = await send(world.url, { path: '/introspect', body: encoded({ token, ...form() }) });
    const none = await send(world.url, { path: '/introspect', body: encoded({ token }) });
    expect(bad.status).toBe(401);
    expect(bad.headers['www-authenticate']).toBe('private_key_jwt');
    expect(bad.text).toBe(none.text);
    const revoked = await send(world.url, { path: '/revoke', body: encoded({ token, ...form() }) });
    expect(revoked.status).toBe(401);
    expect((await introspect(token)).body['active']).toBe(true);
  },
);

test('P5 T20 64 uses of one assertion at once are one, and its other signature is the same assertion', async () => {
  const assertion = deploy.assertion(world.url);
  const ask = async (text: string) =>
    send(world.url, { path: '/introspect', body: encoded(asClient(text, { token: 'x' })) });
  const answers = await Promise.all(
    Array.from({ length: 64 }, async (_, i) => ask(i % 2 === 0 ? assertion : otherSignature(assertion))),
  );
  expect(answers.filter(({ status }) => status === 200).length).toBe(1);
  expect(answers.filter(({ status }) => status === 401).length).toBe(63);
  for (const text of otherSpellings(deploy.assertion(world.url))) expect((await ask(text)).status).toBe(401);
});

test('P11 an assertion spent at one endpoint is spent at the other', async () => {
  const body = encoded(asClient(deploy.assertion(world.url), { token: 'x' }));
  expect((await send(world.url, { path: '/introspect', body })).status).toBe(200);
  expect((await send(world.url, { path: '/revoke', body })).status).toBe(401);
});

test('I5 a wrong hint changes nothing', async () => {
  const token = await issuedToken(world, key);
  for (const token_type_hint of ['refresh_token', 'access_token', 'x', '__proto__']) {
    expect((await introspect(token, deploy, { token_type_hint })).body['active']).toBe(true);
  }
});

test('T2 I8 no text made of a token is the token, but its other signature is', async () => {
  const token = await issuedToken(world, key);
  const { body } = await send(world.url, { method: 'GET', path: '/jwks' });
  const input = token
    .slice(0, token.lastIndexOf('.'))
    .replace(/^[^.]*/, Buffer.from('{"alg":"HS256","typ":"at+jwt"}').toString('base64url'));
  const hmac = `${input}.${createHmac('sha256', JSON.stringify(body)).update(input).digest('base64url')}`;
  for (const text of [
    ...otherSpellings(token),
    hmac,
    randomUUID(),
    '',
    '..',
    '.'.repeat(1_000),
    token.repeat(20),
  ].filter((each) => each !== '')) {
    expect((await introspect(text)).text).toBe('{"active":false}');
  }
  expect((await introspect(otherSignature(token))).body['active']).toBe(true);
});

test('I3 T19 a key that is retired vouches for what it signed and signs nothing more', async () => {
  const { keys } = world.running.house.engine;
  const before = await issuedToken(world, key);
  const next = await keys.prepare('issuer-prod', 'test');
  const during = await issuedToken(world, key);
  await keys.activate('issuer-prod', next, 'test');
  const after = await issuedToken(world, key);
  const kid = (token: string): unknown =>
    (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: unknown }).kid;
  expect(kid(during)).toBe(kid(before));
  expect(kid(after)).toBe(next);
  for (const token of [before, during, after]) expect((await introspect(token)).body['active']).toBe(true);
});

test('I3 a freeze of the anchor it rests on kills a token, a freeze of another anchor does not', async () => {
  const token = await issuedToken(world, key);
  const { engine } = world.running.house;
  await engine.freeze({ scope: 'anchor:gitlab-ci/acme', reason: 'another anchor', by: 'test' });
  expect((await introspect(token)).body['active']).toBe(true);
  await engine.freeze({ scope: 'anchor:github-actions/acme', reason: 'the anchor it rests on', by: 'test' });
  expect((await introspect(token)).text).toBe('{"active":false}');
});
