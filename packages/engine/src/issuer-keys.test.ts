import { parseRecord } from '@writ/ledger';
import { createFakeClock, type EngineHouse, openEngineHouse } from '@writ/testkit';
import { NOON } from '@writ/testkit/facts';
import { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Issued } from './asked.ts';

const NAME = 'issuer-prod';
const DAY = 86_400;
const SCHEDULE = { every: 30 * DAY, lead: DAY };

let house: EngineHouse;

beforeEach(async () => {
  house = await openEngineHouse();
});
afterEach(async () => house.close());

const kids = async (): Promise<readonly (string | undefined)[]> =>
  (await house.engine.keys.published()).map(({ kid }) => kid);

/** The states of the keys of one name, in the order they were made. */
async function states(name = NAME): Promise<readonly string[]> {
  const rows = await house.house.store.read.rows('issuer_keys', { limit: 100 });
  return rows
    .filter((row) => row.name === name)
    .toSorted((a, b) => (a.entry ?? 0) - (b.entry ?? 0))
    .map(({ state }) => state);
}

async function keyEvents(name = NAME): Promise<readonly string[]> {
  const { read } = house.house.store;
  const { size } = await read.tree();
  return (await read.entries(0, size))
    .map(({ record }) => parseRecord(record ?? ''))
    .flatMap((record) => (record.type === 'key' && record.use.endsWith(name) ? [record.event] : []));
}

/** Whether a resource server that knows the published keys believes the token. */
async function believed({ token }: Issued): Promise<boolean> {
  const keys = createLocalJWKSet({ keys: [...(await house.engine.keys.published())] as never });
  try {
    await jwtVerify(token.reveal(), keys, { currentDate: new Date(house.clock.now()) });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}

const kidOf = ({ token }: Issued): string | undefined => decodeProtectedHeader(token.reveal()).kid;

describe('the keys of a new store', () => {
  test('every name that a flow signs with has one key, active, and no other', async () => {
    expect(await states('issuer-prod')).toEqual(['active']);
    expect(await states('issuer-agents')).toEqual(['active']);
    expect(await states('issuer-services')).toEqual(['active']);
    expect(await kids()).toHaveLength(3);
    expect(await keyEvents()).toEqual(['prepared', 'activated']);
  });

  test('T17 what is published is public, for signatures, and names itself', async () => {
    for (const jwk of await house.engine.keys.published()) {
      expect(Object.keys(jwk).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      expect(jwk).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
    }
    expect(new Set(await kids()).size).toBe(3);
  });

  test('L8 the store holds private keys sealed, and the log none at all', async () => {
    for (const { sealed, public_jwk } of await house.house.store.read.rows('issuer_keys', { limit: 10 })) {
      expect(sealed).toMatch(/^v1\.[A-Za-z0-9_-]+$/);
      expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toContain(
        '\u0006\u0007*\u0086H',
      );
      expect(JSON.parse(public_jwk)).not.toHaveProperty('d');
    }
    const { read } = house.house.store;
    for (const { record } of await read.entries(0, (await read.tree()).size)) {
      expect(record).not.toMatch(/"d":|v1\./);
    }
  });

  test('starting again changes nothing', async () => {
    const before = await kids();
    const { size } = await house.house.store.read.tree();
    await house.engine.keys.start();
    await house.engine.keys.start();
    expect(await kids()).toEqual(before);
    expect((await house.house.store.read.tree()).size).toBe(size);
  });

  test('a name that nobody signs with has none', async () => {
    expect(await house.engine.keys.active('issuer-unheard-of')).toBeNull();
    await house.adopt(['flows/ci-deploy-token.flow.yaml', 'key: issuer-prod', 'key: issuer-new']);
    await expect(house.engine.request(house.asked())).rejects.toMatchObject({ code: 'unavailable' });
    await house.engine.keys.start();
    expect((await house.issued()).outcome).toBe('issued');
  });
});

describe('rotation (S4.14)', () => {
  const rotate = async (): Promise<void> => house.engine.keys.rotateDue(SCHEDULE);

  test('a key is shown before it signs, signs, and is shown until its last token has ended', async () => {
    const first = await house.issued();
    house.clock.advance(29 * DAY);
    await rotate();
    expect(await states()).toEqual(['active', 'prepared']);
    expect(await kids()).toHaveLength(6);
    expect(kidOf(await house.issued())).toBe(kidOf(first));

    house.clock.advance(DAY);
    const last = await house.issued();
    expect(kidOf(last)).toBe(kidOf(first));
    await rotate();
    expect((await states()).toSorted()).toEqual(['active', 'retired']);
    const next = await house.issued();
    expect(kidOf(next)).not.toBe(kidOf(first));
    expect(await believed(last)).toBe(true);
    expect(await believed(next)).toBe(true);
    expect(await kids()).toContain(kidOf(first));

    house.clock.advance(DAY - 1);
    expect(await kids()).toContain(kidOf(first));
    house.clock.advance(1);
    expect(await kids()).not.toContain(kidOf(first));
    expect(await believed(last)).toBe(false);
    expect(await keyEvents()).toEqual(['prepared', 'activated', 'prepared', 'activated', 'retired']);
  });

  test('what is not due is not done', async () => {
    const { size } = await house.house.store.read.tree();
    house.clock.advance(29 * DAY - 1);
    await rotate();
    expect((await house.house.store.read.tree()).size).toBe(size);
  });

  test('a key prepared late is still shown for its whole lead before it signs', async () => {
    house.clock.advance(100 * DAY);
    await rotate();
    await rotate();
    expect(await states()).toEqual(['active', 'prepared']);
    house.clock.advance(DAY - 1);
    await rotate();
    expect(await states()).toEqual(['active', 'prepared']);
    house.clock.advance(1);
    await rotate();
    expect((await states()).toSorted()).toEqual(['active', 'retired']);
  });

  test('many at once prepare one key, and activate one', async () => {
    const many = async (): Promise<void> => void (await Promise.all(Array.from({ length: 16 }, rotate)));
    house.clock.advance(29 * DAY);
    await many();
    await many();
    expect(await states()).toEqual(['active', 'prepared']);
    house.clock.advance(DAY);
    await many();
    await many();
    expect((await states()).toSorted()).toEqual(['active', 'retired']);
    expect(await keyEvents()).toEqual(['prepared', 'activated', 'prepared', 'activated', 'retired']);
  });

  test('preparing twice is preparing once', async () => {
    const one = await house.engine.keys.prepare(NAME, 'user:mei');
    expect(await house.engine.keys.prepare(NAME, 'user:tom')).toBe(one);
    expect(await states()).toEqual(['active', 'prepared']);
  });

  test('only a prepared key of that name is activated', async () => {
    const { keys } = house.engine;
    const before = await keys.active(NAME);
    const prepared = await keys.prepare(NAME, 'user:mei');
    await keys.activate('issuer-agents', prepared, 'user:mei');
    await keys.activate(NAME, 'no-such-key', 'user:mei');
    await keys.activate(NAME, before ?? '', 'user:mei');
    expect(await keys.active(NAME)).toBe(before);
    await keys.activate(NAME, prepared, 'user:mei');
    await keys.activate(NAME, prepared, 'user:mei');
    expect(await keys.active(NAME)).toBe(prepared);
    expect(await keyEvents()).toEqual(['prepared', 'activated', 'prepared', 'activated', 'retired']);
  });

  test('law 5 retiring waits for what is committed and not yet signed', async () => {
    const order: string[] = [];
    const { keys } = house.engine;
    const prepared = await keys.prepare(NAME, 'user:mei');
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    house.intercept(async (commit) => {
      if (commit.append?.type !== 'issue') return undefined;
      const result = await house.house.store.commit(commit);
      reached.resolve();
      await go.promise;
      return result;
    });
    const issuing = house.issued().then((issued) => {
      order.push('signed');
      return issued;
    });
    await reached.promise;
    const activating = keys.activate(NAME, prepared, 'user:mei').then(() => order.push('retired'));
    await new Promise((later) => setTimeout(later, 50));
    expect((await states()).toSorted()).toEqual(['active', 'active']);
    go.resolve();
    const issued = await issuing;
    await activating;
    expect(order).toEqual(['signed', 'retired']);
    expect(await believed(issued)).toBe(true);
    expect((await states()).toSorted()).toEqual(['active', 'retired']);
  });

  test.each(['at the next start', 'by the schedule'])(
    'a rotation that broke off before the old key was retired is finished %s, and only once',
    async (when) => {
      const { keys } = house.engine;
      const prepared = await keys.prepare(NAME, 'user:mei');
      house.intercept(async (commit) => {
        const record: unknown = JSON.parse(commit.append?.record ?? '{}');
        if (
          typeof record === 'object' &&
          record !== null &&
          'event' in record &&
          record.event === 'retired'
        ) {
          throw new Error('the power went');
        }
        return undefined;
      });
      await expect(keys.activate(NAME, prepared, 'user:mei')).rejects.toThrow('the power went');
      house.intercept(null);
      expect(await states()).toEqual(['active', 'active']);
      house.clock.advance(31 * DAY);
      await (when === 'by the schedule' ? rotate() : keys.start());
      expect((await states()).filter((state) => state === 'active')).toHaveLength(1);
      expect(await keys.active(NAME)).toBe(prepared);
      expect((await keyEvents()).filter((event) => event === 'retired')).toHaveLength(1);
      expect((await house.issued()).outcome).toBe('issued');
    },
  );
});

test('S4.14 a process opened on the store of another signs with its keys', async () => {
  const clock = createFakeClock(NOON);
  await using first = await openEngineHouse({ clock });
  const kid = kidOf(await first.issued());
  await first.house[Symbol.asyncDispose]();
  await using second = await openEngineHouse({ clock, data: first.data, seed: 'second' });
  expect(kidOf(await second.issued())).toBe(kid);
});
