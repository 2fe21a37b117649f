import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDpopKey, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asClient, ciToken, encoded, proofBy, send } from './requests.ts';

let world: World;
/** Every text of this run that nobody but its holder may have. */
const secrets: string[] = [];
const answers: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  await liveThroughEverything();
});
afterAll(async () => world[Symbol.asyncDispose]());

/** Issues, refuses, replays, introspects, revokes, freezes: with good and bad evidence, proofs and assertions. */
async function liveThroughEverything(): Promise<void> {
  const key = createDpopKey();
  const nonce = await world.nonce();
  const keep = (text: string): string => {
    secrets.push(text);
    return text;
  };
  const exchange = async (subject_token: string, changes: Readonly<Record<string, string>> = {}) => {
    const body = world.form({ ...changes, subject_token: keep(subject_token) }).toString();
    const answer = await send(world.url, {
      path: '/token',
      body,
      headers: { dpop: keep(proofBy(world, key, nonce)) },
    });
    if (typeof answer.body['access_token'] === 'string') keep(answer.body['access_token']);
    else answers.push(answer.text);
    return answer.body['access_token'];
  };
  const spent = ciToken(world);
  const tokens = [
    await exchange(spent),
    await exchange(ciToken(world)),
    await exchange(ciToken(world), { scope: 'deploy:write' }),
  ];
  await exchange(spent);
  await exchange(ciToken(world), { scope: 'deploy:admin' });
  await exchange(ciToken(world, { ref: 'refs/heads/main' }));
  await exchange(ciToken(world, { repository_id: '1' }));
  await exchange(ciToken(world, { exp: 1 }));
  await exchange(`${ciToken(world)}x`);
  await exchange(ciToken(world), { subject_token_type: ciToken(world) });
  await exchange(ciToken(world), { authorization_details: '{' });
  await exchange(ciToken(world), {
    grant_type: 'client_credentials',
    client_secret: keep('a-secret-nobody-asked-for'),
  });
  const subject_token = keep(ciToken(world));
  await send(world.url, {
    path: `/token?subject_token=${keep(ciToken(world))}`,
    body: world.form({ subject_token }).toString(),
  });
  for (const token of tokens) {
    const asked = { token: String(token) };
    for (const path of ['/introspect', '/introspect', '/revoke']) {
      const assertion = keep(world.clientAssertion());
      answers.push((await send(world.url, { path, body: encoded(asClient(assertion, asked)) })).text);
      answers.push((await send(world.url, { path, body: encoded(asClient(assertion, asked)) })).text);
    }
  }
  await world.running.house.engine.freeze({
    scope: 'identity:svc-payments',
    reason: 'for the tests',
    by: 'test',
  });
  await exchange(ciToken(world));
}

/** The parts of a secret that would let somebody use it: all of it, its signature, and what was signed. */
function tellTales(): readonly string[] {
  return secrets.flatMap((secret) => {
    const [header = '', payload = '', signature = ''] = secret.split('.');
    return secret.split('.').length === 3 ? [secret, signature, payload, `${header}.${payload}`] : [secret];
  });
}

function leaks(text: string): readonly string[] {
  return tellTales().filter((part) => part.length > 20 && text.includes(part));
}

test('O1 the search finds what it looks for', () => {
  expect(secrets.length).toBeGreaterThan(40);
  for (const secret of secrets) expect(leaks(`x${secret}y`)).toContain(secret);
});

test('O1 no event carries a token, an assertion or a proof', () => {
  expect(world.events.length).toBeGreaterThan(15);
  expect(leaks(JSON.stringify(world.events))).toEqual([]);
});

test('L5 no record of the ledger carries one', async () => {
  const { read } = world.running.house.store;
  const entries = await read.entries(0, 1024);
  expect(entries.length).toBeGreaterThan(10);
  expect(leaks(entries.map(({ record }) => record ?? '').join('\n'))).toEqual([]);
});

test('L5 no kept refusal carries one', async () => {
  const rows = await world.running.house.store.read.rows('decisions', { limit: 1000 });
  expect(rows.length).toBeGreaterThan(3);
  expect(leaks(JSON.stringify(rows))).toEqual([]);
});

test('F20 no answer repeats one, and no explanation does', async () => {
  expect(leaks(answers.join('\n'))).toEqual([]);
  const refs = answers.flatMap((text) => /ref_[0-9a-f]{20}/.exec(text)?.[0] ?? []);
  expect(refs.length).toBeGreaterThan(4);
  for (const ref of refs) {
    expect(leaks(JSON.stringify(await world.running.house.engine.explain(ref)))).toEqual([]);
  }
});

test('O1 L5 no byte of the data directory is one, and private keys lie there sealed', () => {
  const files = readdirSync(world.data).filter((name) => !name.endsWith('.sock'));
  expect(files).toContain('writ.db');
  for (const name of files) {
    const bytes = readFileSync(join(world.data, name)).toString('latin1');
    expect(leaks(bytes)).toEqual([]);
    for (const sign of ['PRIVATE KEY', '"d":"']) expect(bytes).not.toContain(sign);
  }
});
