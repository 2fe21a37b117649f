import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ACME,
  createDpopKey,
  type DpopKey,
  GITHUB_CLAIMS,
  startWorld,
  type TokenResponse,
  type World,
} from '@writ/testkit';
import { expect, test } from 'vitest';

const OPEN = readFileSync(join(ACME, 'sources.yaml'), 'utf8');
const CLOSED = OPEN.replace('value: open', 'value: closed');
const FLOW = readFileSync(join(ACME, 'flows/ci-deploy-token.flow.yaml'), 'utf8');

/** An installation whose release calendar is closed: production needs a release manager. */
async function closedWorld(files: Readonly<Record<string, string>> = {}): Promise<World> {
  return startWorld({ files: { 'sources.yaml': CLOSED, ...files } });
}

async function waitingRun(world: World, key: DpopKey): Promise<string> {
  const { body } = await world.exchange(key);
  expect(body).toMatchObject({ error: 'authorization_pending' });
  return String(body['writ_run']);
}

/** Writes a file into the served directory and waits until what it says is in force. */
async function republish(world: World, path: string, text: string): Promise<void> {
  const { publisher } = world.running.house.engine;
  const before = await publisher.currentHash();
  writeFileSync(join(world.directory, path), text);
  await expect.poll(async () => (await publisher.currentHash()) !== before, { timeout: 20_000 }).toBe(true);
}

const refusal = ({ status, body }: TokenResponse) => ({
  status,
  error: body['error'],
  rule: body['writ_rule'],
});
const runs = async (world: World) => world.running.house.store.read.rows('runs', { limit: 1000 });

test('S0.6 what a person must approve is pending: the answer names the run, when to ask again and until when', async () => {
  await using world = await closedWorld();
  const { status, headers, body } = await world.exchange(createDpopKey());
  expect(status).toBe(400);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({ error: 'authorization_pending', interval: 5 });
  expect(body['writ_run']).toMatch(/^run_/);
  expect(body['expires_in']).toBeGreaterThan(7_100);
  expect(body['expires_in']).toBeLessThanOrEqual(7_200);
  expect(body['writ_obligations']).toMatchObject([{ kind: 'approval', rule: 'out-of-hours', missing: 1 }]);
  expect(body).not.toHaveProperty('access_token');
  expect(world.events.filter(({ event }) => event === 'issued')).toEqual([]);
});

test('S0.6 repeated with fresh evidence and the same key it is the same run, named or not', async () => {
  await using world = await closedWorld();
  const key = createDpopKey();
  const writ_run = await waitingRun(world, key);
  expect(await waitingRun(world, key)).toBe(writ_run);
  const { body } = await world.exchange(key, { writ_run });
  expect(body).toMatchObject({ error: 'authorization_pending', writ_run });
  expect((await runs(world)).length).toBe(1);
});

test('S0.6 the same evidence may wait and ask again, as nothing was issued for it', async () => {
  await using world = await closedWorld();
  const key = createDpopKey();
  const subject_token = world.github.sign({ ...GITHUB_CLAIMS, jti: randomUUID() });
  const [first, second] = [
    await world.exchange(key, { subject_token }),
    await world.exchange(key, { subject_token }),
  ];
  expect(second.body['writ_run']).toBe(first.body['writ_run']);
});

test('law 6 another key, another plan, another identity or another run is not what waits', async () => {
  await using world = await closedWorld();
  const key = createDpopKey();
  const writ_run = await waitingRun(world, key);
  const staging = JSON.stringify([{ type: 'writ_issuance', ttl: 60, fields: { target: 'production' } }]);
  for (const [rule, answer] of [
    ['run', await world.exchange(createDpopKey(), { writ_run })],
    ['run', await world.exchange(key, { writ_run: 'run_of-nobody' })],
    ['run', await world.exchange(key, { writ_run: `${writ_run}x` })],
    ['run.plan', await world.exchange(key, { writ_run, scope: 'deploy:read deploy:write' })],
    ['run.plan', await world.exchange(key, { writ_run, authorization_details: staging })],
    ['run.plan', await world.exchange(key, { writ_run, resource: 'https://artifacts.acme.example' })],
  ] as const) {
    expect(refusal(answer)).toEqual({ status: 400, error: 'invalid_grant', rule });
  }
  expect((await world.exchange(key, { writ_run })).body['error']).toBe('authorization_pending');
});

test('law 6 evidence that shows other values is another plan', async () => {
  await using world = await closedWorld();
  const key = createDpopKey();
  const writ_run = await waitingRun(world, key);
  const other = world.github.sign({ ...GITHUB_CLAIMS, ref: 'refs/heads/release-2026.12', jti: randomUUID() });
  expect(refusal(await world.exchange(key, { writ_run, subject_token: other })).rule).toBe('run.plan');
});

test('E1 a stranger learns nothing of a run, not even whether there is one', async () => {
  await using world = await closedWorld();
  const writ_run = await waitingRun(world, createDpopKey());
  const foreign = () => world.github.sign({ ...GITHUB_CLAIMS, repository_id: '1', jti: randomUUID() });
  for (const name of [writ_run, 'run_of-nobody']) {
    const { body } = await world.exchange(createDpopKey(), { writ_run: name, subject_token: foreign() });
    expect(Object.keys(body).toSorted()).toEqual(['error', 'error_description', 'writ_ref']);
  }
});

test('law 7 when what is in force asks for no approval any more, the run is issued under both, with the facts of now', async () => {
  await using world = await closedWorld();
  const key = createDpopKey();
  const writ_run = await waitingRun(world, key);
  await republish(world, 'sources.yaml', OPEN);
  const { status, body } = await world.exchange(key, { writ_run });
  expect({ status, error: body['error_description'] }).toEqual({ status: 200, error: undefined });
  expect(body['writ_run']).toBe(writ_run);
  const { body: seen } = await world.introspect(String(body['access_token']));
  expect(seen).toMatchObject({ active: true, cnf: { jkt: key.thumbprint } });
  // The run ends with what it issued.
  expect(refusal(await world.exchange(key, { writ_run }))).toEqual({
    status: 400,
    error: 'invalid_grant',
    rule: 'run',
  });
});

test('law 7 of 16 repetitions at once of what may be issued now one is issued', async () => {
  await using world = await closedWorld();
  const key = createDpopKey();
  const writ_run = await waitingRun(world, key);
  await republish(world, 'sources.yaml', OPEN);
  const answers = await Promise.all(
    Array.from({ length: 16 }, async () => world.exchange(key, { writ_run })),
  );
  expect(answers.filter(({ status }) => status === 200).length).toBe(1);
  expect(world.events.filter(({ event }) => event === 'issued').length).toBe(1);
});

test('law 7 narrowing acts at once: a right suspended meanwhile refuses the run', async () => {
  await using world = await closedWorld();
  const key = createDpopKey();
  const writ_run = await waitingRun(world, key);
  const rights = readFileSync(join(ACME, 'rights/deploy.yaml'), 'utf8');
  await republish(
    world,
    'rights/deploy.yaml',
    rights.replace('    budget:', '    suspended: true\n    budget:'),
  );
  expect(refusal(await world.exchange(key, { writ_run })).rule).toBe('right.payments-deploy');
});

test('law 7 widening never works backwards: a flow that drops the approval does not free the run that waits for it', async () => {
  await using world = await closedWorld();
  const key = createDpopKey();
  const writ_run = await waitingRun(world, key);
  const freed = FLOW.replace(/^approval:\n(?: .*\n)+/m, 'approval: []\n');
  await republish(world, 'flows/ci-deploy-token.flow.yaml', freed);
  const { body } = await world.exchange(key, { writ_run });
  expect(body).toMatchObject({ error: 'authorization_pending', writ_run });
  expect((await world.exchange(key)).status).toBe(200);
});

test('law 7 a flow that delivers or marks otherwise ends the run', async () => {
  await using world = await closedWorld();
  const key = createDpopKey();
  const writ_run = await waitingRun(world, key);
  const marked = FLOW.replace('required: true }', 'required: true, in-token: true }');
  expect(marked).not.toBe(FLOW);
  await republish(world, 'flows/ci-deploy-token.flow.yaml', marked);
  expect(refusal(await world.exchange(key, { writ_run })).rule).toBe('flow-changed');
});

test('S0.6 a run whose time is up is refused, and says how to go on', async () => {
  await using world = await closedWorld({
    'flows/ci-deploy-token.flow.yaml': FLOW.replace('expires: 2h', 'expires: 1s'),
  });
  const key = createDpopKey();
  const writ_run = await waitingRun(world, key);
  await expect
    .poll(async () => refusal(await world.exchange(key, { writ_run })).rule, { timeout: 10_000 })
    .toBe('run.expired');
  const { body } = await world.exchange(key, { writ_run });
  expect(body['error_description']).toBe('this run has expired; ask again without `writ_run`');
  expect(await waitingRun(world, key)).not.toBe(writ_run);
});

test('S0.6 a frozen identity does not wait', async () => {
  await using world = await closedWorld();
  const key = createDpopKey();
  const writ_run = await waitingRun(world, key);
  await world.running.house.engine.freeze({
    scope: 'identity:svc-payments',
    reason: 'for the tests',
    by: 'test',
  });
  expect(refusal(await world.exchange(key, { writ_run })).rule).toBe('gate.freeze');
});

test('S4.11 one identity has a hundred runs waiting at most', async () => {
  await using world = await closedWorld();
  for (let i = 0; i < 100; i++) await waitingRun(world, createDpopKey());
  expect(refusal(await world.exchange(createDpopKey())).rule).toBe('run.limit');
  expect((await runs(world)).length).toBe(100);
});
