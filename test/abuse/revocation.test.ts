import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDpopKey, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  asClient,
  audiences,
  createResourceServer,
  encoded,
  issuedToken,
  otherSignature,
  otherSpellings,
  proofBy,
  type ResourceServer,
  send,
} from './requests.ts';

let world: World;
let nonce: string;
const key = createDpopKey();
const deploy = createResourceServer('deploy-api');
const artifacts = createResourceServer('artifacts-api');

beforeAll(async () => {
  world = await startWorld({ files: audiences(deploy, artifacts) });
  nonce = await world.nonce();
});
afterAll(async () => world[Symbol.asyncDispose]());

const revokeAs = async (by: ResourceServer, token: string, more: Readonly<Record<string, string>> = {}) =>
  send(world.url, { path: '/revoke', body: encoded(asClient(by.assertion(world.url), { token, ...more })) });
const revokeHolding = async (holder: typeof key, token: string) =>
  send(world.url, {
    path: '/revoke',
    headers: { dpop: proofBy(world, holder, nonce, '/revoke') },
    body: encoded({ token }),
  });
async function isActive(token: string): Promise<unknown> {
  const body = encoded(asClient(deploy.assertion(world.url), { token }));
  return (await send(world.url, { path: '/introspect', body })).body['active'];
}
const revocations = (): number => world.events.filter(({ event }) => event === 'revoked').length;

test('I3 I11 what is revoked is dead at once, stays dead and is revoked once', async () => {
  const token = await issuedToken(world, key);
  const before = revocations();
  expect((await revokeAs(deploy, token)).status).toBe(200);
  expect(await isActive(token)).toBe(false);
  expect((await revokeAs(deploy, token)).status).toBe(200);
  expect((await revokeHolding(key, token)).status).toBe(200);
  expect(await isActive(token)).toBe(false);
  expect(revocations() - before).toBe(1);
  expect(await isActive(await issuedToken(world, key))).toBe(true);
});

test('I6 I7 for whom it is not, a token is as unknown as one that never was', async () => {
  const token = await issuedToken(world, key);
  const answers = [
    await revokeAs(artifacts, token),
    await revokeAs(artifacts, 'never.was.one'),
    await revokeAs(deploy, 'never.was.one'),
    await revokeHolding(createDpopKey(), token),
  ];
  for (const { status, text } of answers) expect({ status, text }).toEqual({ status: 200, text: '{}' });
  expect(await isActive(token)).toBe(true);
});

test('D19 the holder of the key revokes its own token, and only its own', async () => {
  const [mine, other] = [await issuedToken(world, key), await issuedToken(world, createDpopKey())];
  expect((await revokeHolding(key, other)).text).toBe('{}');
  expect((await revokeHolding(key, mine)).text).toBe('{}');
  expect([await isActive(mine), await isActive(other)]).toEqual([false, true]);
});

test('I5 a wrong hint changes nothing', async () => {
  for (const token_type_hint of ['refresh_token', 'x']) {
    const token = await issuedToken(world, key);
    expect((await revokeAs(deploy, token, { token_type_hint })).status).toBe(200);
    expect(await isActive(token)).toBe(false);
  }
});

test('T20 I8 the token is revoked in every spelling of its signature', async () => {
  const token = await issuedToken(world, key);
  expect((await revokeAs(deploy, otherSignature(token))).status).toBe(200);
  expect(await isActive(token)).toBe(false);
  expect(await isActive(otherSignature(token))).toBe(false);
  const next = await issuedToken(world, key);
  for (const spelling of otherSpellings(next)) expect((await revokeAs(deploy, spelling)).text).toBe('{}');
  expect(await isActive(next)).toBe(true);
  await revokeAs(deploy, next);
  for (const spelling of [next, ...otherSpellings(next)]) expect(await isActive(spelling)).toBe(false);
});

test('F10 64 revocations at once are one entry in the ledger', async () => {
  const token = await issuedToken(world, key);
  const before = revocations();
  const { size } = await world.running.house.store.read.tree();
  const answers = await Promise.all(
    Array.from({ length: 64 }, async (_, i) =>
      i % 2 === 0 ? revokeAs(deploy, token) : revokeHolding(key, token),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(revocations() - before).toBe(1);
  expect((await world.running.house.store.read.tree()).size - size).toBe(1);
});

test('I1 nobody revokes without authentication or proof', async () => {
  const token = await issuedToken(world, key);
  for (const form of [{ token }, { token, client_id: 'deploy-api' }]) {
    expect((await send(world.url, { path: '/revoke', body: encoded(form) })).status).toBe(401);
  }
  const wrong = [
    proofBy(world, key, nonce, '/token'),
    proofBy(world, key, 'no-nonce', '/revoke'),
    key.prove({ method: 'PUT', url: `${world.url}/revoke`, now: Date.now(), nonce }),
  ];
  for (const dpop of wrong) {
    expect(
      (await send(world.url, { path: '/revoke', headers: { dpop }, body: encoded({ token }) })).status,
    ).toBe(400);
  }
  expect(await isActive(token)).toBe(true);
});

test('S3.4 an identity that is suspended has no live token from the moment it is, and gets none', async () => {
  const token = await issuedToken(world, key);
  const path = join(world.directory, 'identities.yaml');
  const text = readFileSync(path, 'utf8').replace(
    '    kind: workload\n',
    '    kind: workload\n    status: suspended\n',
  );
  writeFileSync(path, text);
  await expect.poll(async () => isActive(token), { timeout: 20_000 }).toBe(false);
  const { body } = await world.exchange(key);
  expect(body).toMatchObject({ error: 'invalid_grant', writ_rule: 'identity.status' });
});
