import { createDpopKey, startWorld, type World } from '@writ/testkit';
import { expect, test } from 'vitest';
import { deployRights, issuedCount, issuedToken, proofBy, type Received, send } from './requests.ts';

const LOAD = 64;

interface Timed {
  readonly received: Received;
  /** whether it was answered behind the acknowledgement of the freeze */
  readonly sentAfter: boolean;
}

/** Workers that exchange until told to stop, each with fresh evidence and a key of its own. */
async function load(
  world: World,
  nonce: string,
  until: () => boolean,
  frozen: () => boolean,
): Promise<readonly Timed[]> {
  const answers: Timed[] = [];
  const worker = async (): Promise<void> => {
    const key = createDpopKey();
    while (!until()) {
      const sentAfter = frozen();
      const headers = { dpop: proofBy(world, key, nonce) };
      answers.push({
        sentAfter,
        received: await send(world.url, { path: '/token', body: world.form().toString(), headers }),
      });
    }
  };
  await Promise.all(Array.from({ length: LOAD }, worker));
  return answers;
}

const SCOPES = [
  'identity:svc-payments',
  'anchor:github-actions/acme',
  'right:payments-deploy',
  'flow:ci-deploy-token',
  'owner:user:ana',
  'everything',
];

test.each(SCOPES)(
  'F10 I3 behind the acknowledgement of a freeze of %s under load there is no token',
  async (scope) => {
    await using world = await startWorld({ files: deployRights() });
    const { engine, store } = world.running.house;
    const nonce = await world.nonce();
    const early = await issuedToken(world);
    let acknowledged = false;
    let done = false;
    const running = load(
      world,
      nonce,
      () => done,
      () => acknowledged,
    );
    while (issuedCount(world) < 40) await new Promise((go) => setImmediate(go));
    const frozen = await engine.freeze({ scope, reason: 'for the tests', by: 'test' });
    acknowledged = true;
    const issuedAtAcknowledgement = issuedCount(world);
    for (let i = 0; i < 20; i++) await world.exchange(createDpopKey());
    done = true;
    const answers = await running;

    // Nothing was signed behind the acknowledgement, and whoever asked behind it was refused by the freeze.
    expect(issuedCount(world)).toBe(issuedAtAcknowledgement);
    const late = answers.filter(({ sentAfter }) => sentAfter);
    expect(late.length).toBeGreaterThan(0);
    expect(late.filter(({ received }) => received.status === 200)).toEqual([]);
    expect(new Set(late.map(({ received }) => received.body['writ_rule']))).toEqual(new Set(['gate.freeze']));
    // Nobody saw anything else than a token or a refusal.
    expect(new Set(answers.map(({ received }) => received.status))).toEqual(new Set([200, 400]));

    // In the ledger every issuance stands before the freeze.
    const { size } = await store.read.tree();
    const entries = await store.read.entries(0, Math.min(size, 1024));
    const kinds = entries.map(({ index, record }) => ({
      index,
      type: (JSON.parse(record ?? '{}') as { type: string }).type,
    }));
    const issues = kinds.filter(({ type }) => type === 'issue').map(({ index }) => index);
    expect(kinds[frozen.index]?.type).toBe('freeze');
    expect(Math.max(...issues)).toBeLessThan(frozen.index);
    expect(issues.length).toBe(issuedAtAcknowledgement);

    // What was issued before is dead.
    const tokens = answers.flatMap(({ received }) =>
      typeof received.body['access_token'] === 'string' ? [received.body['access_token']] : [],
    );
    for (const token of [early, ...tokens.slice(-5)]) {
      expect((await world.introspect(token)).body).toEqual({ active: false });
    }
  },
);

test('F10 a freeze of one scope lets another go on', async () => {
  await using world = await startWorld();
  const { engine } = world.running.house;
  await engine.freeze({ scope: 'right:payments-artifacts', reason: 'for the tests', by: 'test' });
  await engine.freeze({ scope: 'identity:agent-crm', reason: 'for the tests', by: 'test' });
  expect((await world.exchange(createDpopKey())).status).toBe(200);
  const { body } = await world.exchange(createDpopKey(), { resource: 'https://artifacts.acme.example' });
  expect(body).toMatchObject({ writ_rule: 'gate.freeze' });
});

test('F10 64 freezes of one scope at once are one entry, and a freeze of nothing is none', async () => {
  await using world = await startWorld();
  const { engine, store } = world.running.house;
  const { size } = await store.read.tree();
  const freeze = async () => engine.freeze({ scope: 'everything', reason: 'for the tests', by: 'test' });
  const frozen = await Promise.all(Array.from({ length: LOAD }, freeze));
  expect(new Set(frozen.map(({ index }) => index)).size).toBe(1);
  expect(frozen.filter(({ already }) => !already).length).toBe(1);
  expect((await store.read.tree()).size - size).toBe(1);
  for (const scope of [
    'identity:nobody',
    'everythin',
    'right:',
    'everything:x',
    'identity:svc-payments ',
    'IDENTITY:svc-payments',
    '__proto__:x',
    'identity:__proto__',
    '',
  ]) {
    await expect(engine.freeze({ scope, reason: 'a typing error', by: 'test' })).rejects.toMatchObject({
      code: /malformed|unknown/,
    });
  }
});
