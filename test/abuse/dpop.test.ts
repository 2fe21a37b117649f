import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDpopKey, HOSTILE_PROOFS, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { issuedCount, issuedToken, otherSignature, otherSpellings, proofBy, send } from './requests.ts';

let world: World;
let nonce: string;
const key = createDpopKey();

beforeAll(async () => {
  world = await startWorld();
  nonce = await world.nonce();
});
afterAll(async () => world[Symbol.asyncDispose]());

const good = () => ({ method: 'POST', url: `${world.url}/token`, now: Date.now(), nonce });
const ask = async (dpop: string | string[] | undefined, headers: Readonly<Record<string, string>> = {}) =>
  send(world.url, {
    path: '/token',
    body: world.form().toString(),
    headers: { ...(dpop === undefined ? {} : { dpop }), ...headers },
  });

/** Of a number no sub-domain can be made; headers of 100 kB have a test of their own. */
const PROOFS = HOSTILE_PROOFS.filter(({ name }) => !/^no proof$|sub-domain|100 kB/.test(name));

test.each(PROOFS)('$abuse $name is no proof of a key', async ({ name, proofs }) => {
  for (const algorithm of ['ES256', 'Ed25519'] as const) {
    const before = issuedCount(world);
    const made = proofs(createDpopKey(algorithm), good());
    const { status, body } = await ask([...made]);
    expect({ name, status, error: body['error'] }).toEqual({
      name,
      status: 400,
      error: 'invalid_dpop_proof',
    });
    expect(issuedCount(world)).toBe(before);
  }
});

test('D15 a proof larger than headers may be is refused, and the server goes on', async () => {
  const proof = key.prove({ ...good(), jti: 'x'.repeat(100_000) });
  // The server may hang up before everything was sent.
  const refused = await ask(proof).then(
    ({ status }) => status,
    () => 431,
  );
  expect([400, 431]).toContain(refused);
  expect((await world.exchange(key)).status).toBe(200);
});

test('D21 without proof the flow refuses to issue', async () => {
  const { status, body } = await ask(undefined);
  expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_grant' });
});

test.each([
  ['host', 'evil.example'],
  ['x-forwarded-host', 'evil.example'],
  ['x-forwarded-proto', 'https'],
  ['x-forwarded-port', '443'],
  ['x-forwarded-prefix', '/evil'],
  ['forwarded', 'host=evil.example;proto=https'],
  ['x-original-url', '/evil'],
  ['x-http-method-override', 'PUT'],
])('D12 W1 %s changes neither what a proof is for nor what is issued', async (name, value) => {
  const evil = key.prove({ ...good(), url: 'https://evil.example/token' });
  expect((await ask(evil, { [name]: value })).body['error']).toBe('invalid_dpop_proof');
  const { status, body } = await ask(proofBy(world, key, nonce), { [name]: value });
  expect(status).toBe(200);
  const [, payload = ''] = String(body['access_token']).split('.');
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ iss: world.url });
});

test('D11 query and fragment of htu are ignored, its scheme and host are of any case', async () => {
  const url = `${world.url}/token`;
  for (const htu of [`${url}?x=1`, `${url}#x`, url.replace('http:', 'HTTP:')]) {
    expect((await ask(key.prove(good(), { payload: { htu } }))).status).toBe(200);
  }
});

test('D14 D16 64 uses of one proof at once are one use', async () => {
  const dpop = proofBy(world, key, nonce);
  const answers = await Promise.all(Array.from({ length: 64 }, async () => ask(dpop)));
  expect(answers.filter(({ status }) => status === 200).length).toBe(1);
  const errors = answers.filter(({ status }) => status !== 200).map(({ body }) => body['error']);
  expect(new Set(errors)).toEqual(new Set(['invalid_dpop_proof']));
});

test('D14 T20 the other signature over a used proof is the used proof', async () => {
  const dpop = proofBy(world, key, nonce);
  expect((await ask(dpop)).status).toBe(200);
  expect((await ask(otherSignature(dpop))).body['error']).toBe('invalid_dpop_proof');
});

test('D14 the same jti by another key is another proof', async () => {
  for (const other of [createDpopKey(), createDpopKey('Ed25519')]) {
    expect((await ask(other.prove({ ...good(), jti: 'the same' }))).status).toBe(200);
  }
});

test('T6 no other spelling of a proof is a proof', async () => {
  const dpop = proofBy(world, key, nonce);
  for (const spelling of otherSpellings(dpop).filter((text) => /^[\x21-\x7e]+$/.test(text))) {
    expect((await ask(spelling)).body['error']).toBe('invalid_dpop_proof');
  }
  expect((await ask(dpop)).status).toBe(200);
});

test('D17 without a nonce of ours the answer names the one to use', async () => {
  const mine = good();
  const { nonce: _none, ...without } = mine;
  for (const request of [
    without,
    { ...mine, nonce: 'x' },
    { ...mine, nonce: '' },
    { ...mine, nonce: `${nonce}x` },
  ]) {
    const { status, headers, body } = await ask(key.prove(request));
    expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'use_dpop_nonce' });
    expect(headers['dpop-nonce']).toBe(nonce);
  }
  expect((await ask(key.prove(mine, { payload: { nonce: 1 } }))).body['error']).toBe('invalid_dpop_proof');
});

test('D22 further members of the key do not change whose it is', async () => {
  const { status, body } = await ask(
    key.prove(good(), { header: { jwk: { ...key.jwk, kid: 'x', foo: 'bar' } } }),
  );
  expect(status).toBe(200);
  const { body: seen } = await world.introspect(String(body['access_token']));
  expect(seen).toMatchObject({ active: true, cnf: { jkt: key.thumbprint } });
});

test('D14 D17 after a restart on the same data a used proof is used, and a nonce is still ours', async () => {
  const data = mkdtempSync(join(tmpdir(), 'writ-dpop-'));
  try {
    const first = await startWorld({ data });
    const used = await first.nonce();
    const url = 'http://127.0.0.1';
    const proofs = (base: World) =>
      key.prove({ method: 'POST', url: `${base.url}/token`, now: Date.now(), nonce: used, jti: 'once' });
    const body = first.form().toString();
    expect((await send(first.url, { path: '/token', headers: { dpop: proofs(first) }, body })).status).toBe(
      200,
    );
    await first[Symbol.asyncDispose]();
    await using second = await startWorld({ data });
    const again = await send(second.url, {
      path: '/token',
      headers: { dpop: proofs(second) },
      body: second.form().toString(),
    });
    expect(again.body).toMatchObject({ error: 'invalid_dpop_proof', writ_rule: 'bind.dpop' });
    const other = key.prove({ method: 'POST', url: `${second.url}/token`, now: Date.now(), nonce: used });
    expect(
      (await send(second.url, { path: '/token', headers: { dpop: other }, body: second.form().toString() }))
        .status,
    ).toBe(200);
    expect(second.url.startsWith(url)).toBe(true);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});

test('D14 D19 a used proof, another key or another address revokes nothing', async () => {
  const [one, two] = [await issuedToken(world, key), await issuedToken(world, key)];
  const revoke = async (token: string, dpop: string) =>
    send(world.url, { path: '/revoke', headers: { dpop }, body: new URLSearchParams({ token }).toString() });
  const dpop = proofBy(world, key, nonce, '/revoke');
  expect((await revoke(one, proofBy(world, createDpopKey(), nonce, '/revoke'))).status).toBe(200);
  expect((await revoke(one, proofBy(world, key, nonce))).body['error']).toBe('invalid_dpop_proof');
  expect((await world.introspect(one)).body['active']).toBe(true);
  expect((await revoke(one, dpop)).status).toBe(200);
  expect((await world.introspect(one)).body).toEqual({ active: false });
  expect((await revoke(two, dpop)).body['error']).toBe('invalid_dpop_proof');
  expect((await world.introspect(two)).body['active']).toBe(true);
});

test('D9 the private key in a proof is refused even where the rest is good', async () => {
  const jwk = createPrivateKey({ key: key.privateKey.export({ format: 'jwk' }), format: 'jwk' }).export({
    format: 'jwk',
  });
  expect((await ask(key.prove(good(), { header: { jwk } }))).body['error']).toBe('invalid_dpop_proof');
});
