import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ApiHouse,
  type ApiPerson,
  askedBody,
  NO_ROLES,
  openApiHouse,
  type Told,
  told,
} from './api-house.ts';
import type { Description } from './conforms.ts';
import { bodySchema, exampleOf } from './example.ts';

let api: ApiHouse;
let rui: ApiPerson;
let ida: ApiPerson;
/** what ida has no part in, and what is not there at all, by the parameter of a path */
let foreign: Readonly<Record<string, string>>;
let absent: Readonly<Record<string, string>>;
let operations: readonly Asked[];

/** An operation with a body that it would take. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly open: boolean;
}

beforeAll(async () => {
  api = await openApiHouse(...NO_ROLES);
  [rui, ida] = await Promise.all([api.person('user:rui'), api.person('user:ida')]);
  const run = String((await rui.post('/runs', askedBody())).body['run']);
  foreign = { run, name: 'svc-payments', id: rui.passkey.id };
  absent = { run: `${run.slice(0, -3)}xyz`, name: 'svc-nothing', id: 'AAAA' };
  const document = (await (await fetch(`${api.base}/openapi.json`)).json()) as Description;
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, described]) => {
      const schema = bodySchema(described);
      const body = schema === null ? {} : exampleOf(document, schema);
      return { method, path, body, open: described.security?.length === 0 };
    }),
  );
});
afterAll(async () => api[Symbol.asyncDispose]());

const filled = (path: string, ids: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '');

const ask = async ({ method, path, body }: Asked, ids: Readonly<Record<string, string>>): Promise<Told> =>
  method === 'get' ? ida.get(filled(path, ids)) : ida.post(filled(path, ids), body);

const headersOf = ({ headers }: Told): readonly (readonly [string, string])[] =>
  [...headers].filter(([name]) => name !== 'date');

describe('F8 what is somebody else’s is answered as if it did not exist', () => {
  test('on every route of the API that names a thing', async () => {
    const naming = operations.filter(({ path }) => path.includes('{'));
    expect(naming.length).toBeGreaterThanOrEqual(7);
    for (const asked of naming) {
      const { path } = asked;
      const [theirs, nothing] = [await ask(asked, foreign), await ask(asked, absent)];
      expect([path, theirs.status, theirs.text]).toEqual([path, nothing.status, nothing.text]);
      expect([path, headersOf(theirs)]).toEqual([path, headersOf(nothing)]);
      // What a person does with passkeys is refused before it is looked whose they are, where it is not signed.
      const expected = path.includes('{id}') ? theirs.status : 404;
      expect([path, theirs.status]).toEqual([path, expected]);
    }
    expect((await rui.get(`/runs/${foreign['run']}`)).body['state']).toBe('waiting');
  });

  test.each([
    '..%2f..',
    '%00',
    'run_',
    'x'.repeat(99),
    '%F0%9F%92%A9',
    '%ED%A0%80',
    '__proto__',
    'constructor',
  ])('and so is the name `%s`', async (name) => {
    for (const path of [`/runs/${name}`, `/identities/${name}`]) {
      const { status, body } = await ida.get(path);
      expect([status, body['code'] ?? body['error']]).toEqual(
        status === 400 ? [400, 'invalid_request'] : [404, 'unknown'],
      );
    }
  });

  test('lists say nothing of it', async () => {
    for (const path of [
      '/runs',
      '/inbox',
      '/identities',
      '/identities?owner=user:ana',
      '/identities?owner=group:platform-security',
    ]) {
      const { status, text } = await ida.get(path);
      expect(status).toBe(200);
      expect(text).not.toContain('svc-reporting');
      expect(text).not.toContain('svc-payments');
    }
  });

  test('a name that somebody else’s identity has is not told apart from one that cannot be had', async () => {
    const owned = await rui.post('/runs', askedBody({ name: 'svc-payments' }));
    expect([owned.status, owned.body['rule']]).toEqual([403, 'identity.name']);
    expect(owned.text).not.toContain('revision');
  });
});

describe('without a session', () => {
  test.each([
    ['nothing', {}],
    ['a secret that is none', { authorization: `Bearer ${'A'.repeat(43)}` }],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['a cookie that is none', { cookie: `writ=${'A'.repeat(43)}` }],
  ])('with %s every operation is 401, and does not look at anything', async (_, credentials) => {
    const bodies = new Set<string>();
    for (const { method, path, body } of operations.filter(({ open }) => !open)) {
      const answer = await told(
        await fetch(api.base + filled(path, foreign), {
          method,
          headers: { 'content-type': 'application/json', origin: 'http://localhost:8420', ...credentials },
          ...(method === 'post' ? { body: JSON.stringify(body) } : {}),
        }),
      );
      expect([path, answer.status]).toEqual([path, 401]);
      bodies.add(answer.text);
    }
    expect(bodies.size).toBe(1);
  });

  test('a cookie of a session is taken from a page of ours alone', async () => {
    const { secret } = await api.person('user:rui');
    const post = async (headers: Readonly<Record<string, string>>): Promise<number> => {
      const answer = await fetch(`${api.base}/runs/preview`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: `writ=${secret}`, ...headers },
        body: JSON.stringify(askedBody({ name: 'svc-other' })),
      });
      return answer.status;
    };
    expect(await post({ origin: 'http://localhost:8420' })).toBe(200);
    expect(await post({ origin: 'https://evil.example' })).toBe(403);
    expect(await post({})).toBe(403);
  });
});
