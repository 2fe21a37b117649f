import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHouse, type ApiPerson, askedBody, openApiHouse } from './api-house.ts';

let api: ApiHouse;
let rui: ApiPerson;
let mei: ApiPerson;
let used = 0;

beforeAll(async () => {
  api = await openApiHouse();
  [rui, mei] = await Promise.all([api.person('user:rui'), api.person('user:mei')]);
});
afterAll(async () => api[Symbol.asyncDispose]());

/** A key and a name that nobody has used. */
const fresh = (): { key: Readonly<Record<string, string>>; name: string } => {
  used += 1;
  return { key: { 'idempotency-key': `key ${used}` }, name: `svc-${used}` };
};
const runsOf = async (name: string): Promise<number> => {
  const { body } = await rui.get('/runs?limit=1000');
  const runs = Array.isArray(body['runs']) ? body['runs'] : [];
  return runs.filter((run: unknown) => Reflect.get(Object(run), 'identity') === name).length;
};

describe('Idempotency-Key', () => {
  test('a repeat answers the run of the first time, and says that it is one', async () => {
    const { key, name } = fresh();
    const first = await rui.post('/runs', askedBody({ name }), key);
    const again = await rui.post('/runs', askedBody({ name }), key);
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([202, null]);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect(again.body['run']).toBe(first.body['run']);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
  });

  test('what stands in another order is the same request', async () => {
    const { key, name } = fresh();
    const first = await rui.post('/runs', askedBody({ name }), key);
    const turned = Object.fromEntries(Object.entries(askedBody({ name })).reverse());
    expect((await rui.post('/runs', turned, key)).body['run']).toBe(first.body['run']);
  });

  test('a repeat after the run has ended answers how it ended, and begins none', async () => {
    const { key, name } = fresh();
    const { body } = await rui.post('/runs', askedBody({ name }), key);
    await mei.decide(String(body['run']), 'owner-accepts');
    const again = await rui.post('/runs', askedBody({ name }), key);
    expect([again.status, again.body['state'], again.body['run']]).toEqual([201, 'issued', body['run']]);
    expect(await runsOf(name)).toBe(1);
  });

  test('anything else under the same key is 422', async () => {
    const { key, name } = fresh();
    await rui.post('/runs', askedBody({ name }), key);
    for (const other of [
      askedBody({ name, purpose: 'another' }),
      askedBody({ name }, { scopes: ['reports:write'] }),
      askedBody({ name, expires: '2026-12-31T00:00:01Z' }),
      askedBody({ name: `${name}-b` }),
    ]) {
      const { status, body } = await rui.post('/runs', other, key);
      expect([status, body['code']]).toEqual([422, 'key-reused']);
    }
    expect(await runsOf(`${name}-b`)).toBe(0);
  });

  test('a key is its person’s own', async () => {
    const { key, name } = fresh();
    const ana = await api.person('user:ana');
    const first = await rui.post('/runs', askedBody({ name }), key);
    const theirs = await ana.post('/runs', askedBody({ name: `${name}-b` }), key);
    expect(theirs.status).toBe(202);
    expect(theirs.body['run']).not.toBe(first.body['run']);
  });

  test('of 64 at once with one key there is one run, and every answer is that run', async () => {
    for (let round = 0; round < 5; round++) {
      const { key, name } = fresh();
      const answers = await Promise.all(
        Array.from({ length: 64 }, async () => rui.post('/runs', askedBody({ name }), key)),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(answers.map(({ body }) => body['run'])).size).toBe(1);
      expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null).length).toBe(1);
      expect(await runsOf(name)).toBe(1);
    }
  });

  test.each([
    ['an empty one', ''],
    ['one of 256 characters', 'x'.repeat(256)],
    ['one that is not printable', 'a\tb'],
    ['one beyond ASCII', 'caf\u00e9'],
  ])('%s is refused', async (_, key) => {
    const { status, body } = await rui.post('/runs', askedBody(), { 'idempotency-key': key });
    expect([status, body['code']]).toEqual([400, 'invalid']);
  });

  test('one of 255 characters is taken', async () => {
    const { name } = fresh();
    const { status } = await rui.post('/runs', askedBody({ name }), { 'idempotency-key': 'x'.repeat(255) });
    expect(status).toBe(202);
  });
});
