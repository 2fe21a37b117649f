import { decodeLeaf, parseRecord } from '@writ/ledger';
import { type EngineHouse, openEngineHouse } from '@writ/testkit';
import type { Edit } from '@writ/testkit/facts';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answer, Asked } from './asked.ts';
import type { Engine } from './engine.ts';

/** Two processes over one store: each believes its own memory, and only the store's lock decides. */
let house: EngineHouse;
let one: Engine;
let two: Engine;

const DAY = 86_400;
const SCHEDULE = { every: 30 * DAY, lead: DAY };
const INTROSPECTING: Edit = [
  'audiences.yaml',
  'uri: "https://deploy.acme.example", owner: group:platform-security, enforces: [dpop]',
  'uri: "https://deploy.acme.example", owner: group:platform-security, enforces: [dpop], introspection: { client: deploy-api, keys: [] }',
];
const CLOSED: Edit = ['sources.yaml', 'value: open', 'value: closed'];

beforeEach(async () => {
  house = await openEngineHouse();
  one = house.engine;
  two = await house.replica('two');
  await two.keys.start();
  // Both have looked at what is in force, and remember it.
  await Promise.all([one.artefacts(), two.artefacts()]);
});
afterEach(async () => house.close());

function told(answer: Answer): string {
  return answer.outcome === 'declined' ? (answer.reasons?.[0]?.rule ?? 'nothing told') : answer.outcome;
}

async function ask(engine: Engine, changes: Partial<Asked> = {}): Promise<string> {
  return told(await engine.request(house.asked(changes)));
}

async function issued(engine: Engine): Promise<string> {
  const answer = await engine.request(house.asked());
  return answer.outcome === 'issued' ? answer.token.reveal() : told(answer);
}

async function keyEvents(): Promise<readonly string[]> {
  const { read } = house.house.store;
  return (await read.entries(0, (await read.tree()).size))
    .map(({ record }) => parseRecord(record ?? ''))
    .flatMap((record) => (record.type === 'key' && record.use.endsWith('prod') ? [record.event] : []));
}

describe('issuer keys', () => {
  test('what one has made active the other signs with, though it never saw it made', async () => {
    const kid = await one.keys.prepare('issuer-prod', 'user:mei');
    await one.keys.activate('issuer-prod', kid, 'user:mei');
    expect(decodeProtectedHeader(await issued(two)).kid).toBe(kid);
    expect(decodeProtectedHeader(await issued(one)).kid).toBe(kid);
  });

  test('both schedules at once prepare one key and activate one', async () => {
    const both = async (): Promise<void> =>
      void (await Promise.all([one, two, one, two].map(async ({ keys }) => keys.rotateDue(SCHEDULE))));
    house.clock.advance(29 * DAY);
    await both();
    house.clock.advance(DAY);
    await both();
    expect(await keyEvents()).toEqual(['prepared', 'activated', 'prepared', 'activated', 'retired']);
    expect(await ask(two)).toBe('issued');
  });

  test('starting together they make one key a name', async () => {
    await house.adopt(['flows/ci-deploy-token.flow.yaml', 'key: issuer-prod', 'key: issuer-next']);
    const three = await house.replica('three');
    const four = await house.replica('four');
    await Promise.all([three.keys.start(), four.keys.start()]);
    const rows = await house.house.store.read.rows('issuer_keys', { limit: 10 });
    expect(rows.filter(({ name }) => name === 'issuer-next').map(({ state }) => state)).toEqual(['active']);
    expect(await ask(three)).toBe('issued');
    expect(await ask(four)).toBe('issued');
  });
});

describe('what is in force', () => {
  test('law 2 a set that one adopts decides at the other, whose memory is older', async () => {
    await house.adopt(['rights/deploy.yaml', 'max-ttl: 15m', 'max-ttl: 5m']);
    expect(await two.request(house.asked())).toMatchObject({ outcome: 'issued', expiresIn: 300 });
  });

  test('law 2 what the older memory would still permit is refused', async () => {
    await house.adopt([
      'rights/deploy.yaml',
      '    max-ttl: 15m\n',
      '    max-ttl: 15m\n    suspended: true\n',
    ]);
    expect(await ask(two)).toBe('right.payments-deploy');
  });

  test('S4.11 what the older memory would still refuse is issued', async () => {
    await house.adopt([
      'rights/deploy.yaml',
      '    max-ttl: 15m\n',
      '    max-ttl: 15m\n    suspended: true\n',
    ]);
    expect(await ask(two)).toBe('right.payments-deploy');
    await house.adopt();
    expect(await ask(two)).toBe('issued');
  });

  test('S3.12 a set that came back without review is issued under as what it is now', async () => {
    await house.adopt(CLOSED);
    await house.adopt();
    const answer = await two.request(house.asked());
    const entry = await house.house.store.read.entry(answer.outcome === 'issued' ? answer.index : -1);
    expect(decodeLeaf(entry?.leaf ?? new Uint8Array()).dev).toBe(true);
  });

  test('G10 evidence verified by the older memory is verified again', async () => {
    await house.adopt([
      'anchors/github-actions.yaml',
      'issuer: https://token.actions.githubusercontent.com',
      'issuer: https://token.actions.example',
    ]);
    expect(await ask(two)).toBe('nothing told');
  });

  test('S3.11 F10 a freeze by one stops the other at once', async () => {
    await one.freeze({ scope: 'right:payments-deploy', reason: 'x', by: 'user:mei' });
    expect(await ask(two)).toBe('gate.freeze');
  });

  test('S1.16 an identity changed by one is what the other issues to', async () => {
    expect(await ask(two)).toBe('issued');
    await house.adopt(['identities.yaml', 'owner: user:ana', 'owner: user:mei']);
    expect(await ask(two)).toBe('issued');
    const { read } = house.house.store;
    const last = await read.entry((await read.tree()).size - 1);
    expect(parseRecord(last?.record ?? '')).toMatchObject({ owner: 'user:mei' });
  });
});

describe('what is spent', () => {
  test('G13 P5 one token at both, 32 times at once, is issued for once', async () => {
    const token = house.ciToken();
    const answers = await Promise.all(
      Array.from({ length: 32 }, async (_, i) =>
        ask(i % 2 === 0 ? one : two, { tokens: [{ token, role: 'subject' }] }),
      ),
    );
    expect(answers.filter((answer) => answer === 'issued')).toHaveLength(1);
    expect(new Set(answers)).toEqual(new Set(['issued', 'proof.replay']));
  });

  test('D14 one DPoP proof at both is used once', async () => {
    const { holder } = house.asked();
    const answers = await Promise.all([one, two].map(async (engine) => ask(engine, { holder })));
    expect(answers.toSorted()).toEqual(['bind.dpop', 'issued']);
  });

  test('S4.11 one budget for both', async () => {
    await house.adopt(['rights/deploy.yaml', 'live: 200', 'live: 3']);
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => ask(i % 2 === 0 ? one : two)),
    );
    expect(answers.filter((answer) => answer === 'issued')).toHaveLength(3);
  });

  test('I3 what one revokes is dead at the other', async () => {
    await house.adopt(INTROSPECTING);
    const token = await issued(one);
    expect(await two.introspect(token, 'deploy-api')).toMatchObject({ active: true });
    await one.revoke(token, { kind: 'client', client: 'deploy-api' });
    expect(await two.introspect(token, 'deploy-api')).toEqual({ active: false });
  });
});

describe('runs that wait', () => {
  /** A run that waits for a release manager, opened at the first. */
  async function waiting(): Promise<{ run: string; holder: Asked['holder'] }> {
    await house.adopt(CLOSED);
    const { holder } = house.asked();
    const answer = await one.request(house.asked({ holder }));
    if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
    return { run: answer.run, holder: house.asked().holder };
  }

  test('a run opened at one goes on at the other', async () => {
    const { run } = await waiting();
    expect(await two.request(house.asked({ run }))).toMatchObject({ outcome: 'waiting', run });
  });

  test('law 7 narrowing acts at once: the run is issued with the shorter life, under the plan it was opened for', async () => {
    const { run } = await waiting();
    await house.adopt(['flows/ci-deploy-token.flow.yaml', 'default: 10m', 'default: 4m']);
    expect(await two.request(house.asked({ run }))).toMatchObject({ outcome: 'issued', run, expiresIn: 240 });
    const { read } = house.house.store;
    const last = await read.entry((await read.tree()).size - 1);
    const row = await read.row('runs', run);
    expect(parseRecord(last?.record ?? '')).toMatchObject({ run, plan: row?.plan, ttl: 240 });
  });

  test('law 7 widening never works backwards: the run keeps the life it was opened for', async () => {
    const { run } = await waiting();
    await house.adopt(['flows/ci-deploy-token.flow.yaml', 'default: 10m', 'default: 15m']);
    expect(await two.request(house.asked({ run }))).toMatchObject({ outcome: 'issued', expiresIn: 600 });
  });

  test('law 6 a run asked to be something else is refused, also when what is in force changed', async () => {
    const { run } = await waiting();
    expect(await ask(two, { run, ttl: 60 })).toBe('run.plan');
    await house.adopt();
    expect(await ask(two, { run, ttl: 60 })).toBe('run.plan');
    expect(await ask(two, { run, scopes: ['deploy:read', 'deploy:write'] })).toBe('run.plan');
    expect(await ask(two, { run, fields: { target: 'staging' } })).toBe('run.plan');
    expect(await ask(two, { run })).toBe('issued');
    expect(await ask(two, { run })).toBe('run');
  });

  test('of both going on with it at once, one is issued', async () => {
    const { run } = await waiting();
    await house.adopt();
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => ask(i % 2 === 0 ? one : two, { run })),
    );
    expect(answers.filter((answer) => answer === 'issued')).toHaveLength(1);
    expect(new Set(answers)).toEqual(new Set(['issued', 'run']));
  });

  test('law 7 a set that forbids it by now ends the run', async () => {
    const { run } = await waiting();
    await house.adopt([
      'flows/ci-deploy-token.flow.yaml',
      'when: evidence.github.event_name == "pull_request_target"',
      'when: evidence.github.event_name == "push"',
    ]);
    expect(await ask(two, { run })).toBe('policy.forbid.base-code-for-a-fork');
  });

  test('an identity registered anew is another plan', async () => {
    const { run } = await waiting();
    await house.adopt(['identities.yaml', 'owner: user:ana', 'owner: user:mei']);
    expect(await ask(two, { run })).toBe('run.plan');
  });

  test('S0.6 after its time it is refused, whatever is in force', async () => {
    const { run } = await waiting();
    await house.adopt();
    house.clock.advance(7200);
    expect(await ask(two, { run })).toBe('run.expired');
    expect(await ask(two)).toBe('issued');
  });
});
