import { parseRecord } from '@writ/ledger';
import { type EngineHouse, openEngineHouse } from '@writ/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let house: EngineHouse;

beforeEach(async () => {
  house = await openEngineHouse();
});
afterEach(async () => house.close());

const freeze = async (scope: string) => house.engine.freeze({ scope, reason: 'key found', by: 'user:mei' });
async function ask(): Promise<string> {
  const answer = await house.engine.request(house.asked());
  return answer.outcome === 'declined' ? (answer.reasons?.[0]?.rule ?? 'nothing told') : answer.outcome;
}

describe('a freeze', () => {
  test.each([
    'everything',
    'identity:svc-payments',
    'owner:user:ana',
    'flow:ci-deploy-token',
    'right:payments-deploy',
    'anchor:github-actions/acme',
  ])('S3.11 of %s stops what it is about', async (scope) => {
    expect(await ask()).toBe('issued');
    await freeze(scope);
    expect(await ask()).toBe('gate.freeze');
  });

  test.each([
    'identity:agent-crm',
    'owner:user:mei',
    'flow:agent-tool-identity',
    'right:payments-artifacts',
    'anchor:oidc/workforce',
    'integration:billing-export',
  ])('S4.11 of %s stops nothing else', async (scope) => {
    await freeze(scope);
    expect(await ask()).toBe('issued');
  });

  test.each([
    'identity:nobody',
    'owner:user:nobody',
    'flow:x',
    'right:x',
    'anchor:x',
    'integration:svc-payments',
  ])('of %s, which nothing has, is a typing error and not a freeze', async (scope) => {
    await expect(freeze(scope)).rejects.toMatchObject({ code: 'unknown' });
  });

  test.each([
    '',
    'everyone',
    'everything:',
    'identity:',
    'Identity:svc-payments',
    'svc-payments',
    'identity:a b',
  ])('of `%s` is malformed', async (scope) => {
    await expect(freeze(scope)).rejects.toMatchObject({ code: 'malformed' });
  });

  test('S4.8 the owner left, their identity did not: it can be frozen by its owner', async () => {
    const eva = [
      'people.yaml',
      '  - { id: user:mei,',
      '  - { id: user:eva, name: Eva (sample), subjects: [] }\n  - { id: user:mei,',
    ] as const;
    await house.adopt(eva, ['identities.yaml', 'owner: user:ana', 'owner: user:eva']);
    const { set, files } = house.installation;
    await house.engine.publisher.adopt({ set, files, identities: [] });
    expect((await house.engine.identity('svc-payments'))?.owner).toBe('user:eva');
    await freeze('owner:user:eva');
    expect(await ask()).toBe('gate.freeze');
  });

  test('is one leaf that says who, what and why; again it is the same freeze', async () => {
    const first = await freeze('identity:svc-payments');
    expect(first).toMatchObject({ scope: 'identity:svc-payments', already: false });
    const entry = await house.house.store.read.entry(first.index);
    expect(parseRecord(entry?.record ?? '')).toMatchObject({
      type: 'freeze',
      scope: 'identity:svc-payments',
      by: 'user:mei',
      reason: 'key found',
    });
    expect(await freeze('identity:svc-payments')).toEqual({ ...first, already: true });
    expect(house.events.filter(({ event }) => event === 'frozen')).toHaveLength(1);
  });

  test('of many at once, one is the leaf and all are told of it', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, async () => freeze('everything')));
    expect(new Set(all.map(({ index }) => index)).size).toBe(1);
    expect(all.filter(({ already }) => !already)).toHaveLength(1);
  });

  test('S0.16 what was issued before is dead while it lasts', async () => {
    await house.adopt([
      'audiences.yaml',
      'owner: group:platform-security, enforces: [dpop] }',
      'owner: group:platform-security, enforces: [dpop], introspection: { client: deploy-api, keys: [] } }',
    ]);
    const { token } = await house.issued();
    expect(await house.engine.introspect(token.reveal(), 'deploy-api')).toMatchObject({ active: true });
    await freeze('owner:user:ana');
    expect(await house.engine.introspect(token.reveal(), 'deploy-api')).toEqual({ active: false });
  });
});

describe('F10 the acknowledgement', () => {
  test('waits for what was committed before it and is not yet signed', async () => {
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    house.intercept(async (commit) => {
      if (commit.append?.type !== 'issue') return undefined;
      const result = await house.house.store.commit(commit);
      reached.resolve();
      await go.promise;
      return result;
    });
    const issuing = house.issued();
    await reached.promise;
    const signed = (): boolean => house.events.some(({ event }) => event === 'issued');
    const freezing = freeze('identity:svc-payments').then(() => signed());
    const early = await Promise.race([freezing, new Promise((later) => setTimeout(later, 50, 'waiting'))]);
    expect([early, signed()]).toEqual(['waiting', false]);
    go.resolve();
    expect(await freezing).toBe(true);
    await issuing;
  });

  test('is not held up by what fails', async () => {
    house.intercept(async (commit) => {
      if (commit.append?.type === 'issue') throw new Error('disk full');
      return undefined;
    });
    await expect(house.engine.request(house.asked())).rejects.toThrow('disk full');
    expect((await freeze('everything')).already).toBe(false);
  });

  test('after it nothing of the scope is signed: 8 freezes under load', async () => {
    for (let round = 0; round < 8; round++) {
      await using place = await openEngineHouse({ seed: `round ${round}` });
      const signed: number[] = [];
      let acknowledged = Number.POSITIVE_INFINITY;
      let clock = 0;
      const work = Array.from({ length: 24 }, async () => {
        for (let i = 0; i < 4; i++) {
          const { outcome } = await place.engine.request(place.asked());
          clock += 1;
          if (outcome === 'issued') signed.push(clock);
        }
      });
      const freezing = place.engine
        .freeze({ scope: 'right:payments-deploy', reason: 'load', by: 'user:mei' })
        .then((frozen) => {
          clock += 1;
          acknowledged = clock;
          return frozen;
        });
      await Promise.all(work);
      const { index } = await freezing;
      const { read } = place.house.store;
      const { size } = await read.tree();
      const after = (await read.entries(index, size)).filter(
        ({ record }) => parseRecord(record ?? '').type === 'issue',
      );
      expect(after).toEqual([]);
      // An answer may be counted after the acknowledgement; a signature may not be made after it.
      expect(Number.isFinite(acknowledged)).toBe(true);
      expect((await place.audit()).findings).toEqual([]);
      expect(signed.length).toBeLessThan(96);
    }
  });
});
