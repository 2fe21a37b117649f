import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiHouse, type ApiPerson, askedBody, openApiHouse } from './api-house.ts';
import { type Description, mistakesIn } from './conforms.ts';
import { bodySchema, exampleOf } from './example.ts';

const MUTATIONS = 5_000;

let api: ApiHouse;
let rui: ApiPerson;
let document: Description;
/** every operation that takes a body, with one that it would take */
let taking: readonly { readonly path: string; readonly body: object }[];

beforeAll(async () => {
  api = await openApiHouse();
  rui = await api.person('user:rui');
  const run = String((await rui.post('/runs', askedBody())).body['run']);
  document = (await (await fetch(`${api.base}/openapi.json`)).json()) as Description;
  const ids: Readonly<Record<string, string>> = { run, id: rui.passkey.id };
  taking = Object.entries(document.paths).flatMap(([path, { post }]) => {
    const schema = post === undefined ? null : bodySchema(post);
    const asking = path === '/runs' || path === '/runs/preview';
    const body = asking ? askedBody() : Object(schema === null ? {} : exampleOf(document, schema));
    const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '');
    return post === undefined ? [] : [{ path: url, body }];
  });
});
afterAll(async () => api[Symbol.asyncDispose]());

const POISON = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  '\u0000',
  'x'.repeat(300),
];
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e308,
    2 ** 53,
    '',
    ' ',
    '\u202e',
    '\ud800',
    [],
    {},
    [[]],
    [null],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double(),
  fc.object({ maxDepth: 3, maxKeys: 3 }),
  fc.constantFrom<unknown>(
    'user:ana',
    'group:nobody',
    'svc-payments',
    'https://deploy.acme.example',
    'x'.repeat(5_000),
  ),
);

/** One change of a value somewhere inside: a member gone, another, one with an odd value, one more. */
function changed(value: unknown, [at, kind, name, by]: readonly [number, number, string, unknown]): unknown {
  if (Array.isArray(value)) {
    const i = value.length === 0 ? 0 : at % value.length;
    if (kind % 3 === 0 || value.length === 0) return [...value, by];
    return value.map((each: unknown, j) => (j === i ? changed(each, [at >> 1, kind >> 1, name, by]) : each));
  }
  if (typeof value !== 'object' || value === null) return by;
  const entries = Object.entries(value);
  const i = entries.length === 0 ? -1 : at % entries.length;
  if (kind % 5 === 0) return Object.fromEntries(entries.filter((_, j) => j !== i));
  if (kind % 5 === 1) return Object.fromEntries([...entries, [name, by]]);
  if (kind % 5 === 2)
    return Object.fromEntries(entries.map(([key, each], j) => [j === i ? name : key, each]));
  if (kind % 5 === 3) return Object.fromEntries(entries.map(([key, each], j) => [key, j === i ? by : each]));
  return Object.fromEntries(
    entries.map(([key, each]: [string, unknown], j) => [
      key,
      j === i ? changed(each, [at >> 1, kind >> 1, name, by]) : each,
    ]),
  );
}

/** What is sent is text: it may name a member twice, or end early. */
function spoiled(text: string, [how, at]: readonly [number, number]): string {
  const i = text.length === 0 ? 0 : at % text.length;
  if (how === 0) return text.slice(0, i);
  if (how === 1) return text.slice(0, i) + text.slice(i + 1);
  if (how === 2) return text.replace('{', '{"flow":"a","flow":"b",');
  if (how === 3) return text.replace('{', '{"__proto__":{"polluted":true},');
  if (how === 4) return `${'['.repeat(at % 5_000)}${text}`;
  return text;
}

test(`L3 of ${MUTATIONS} mutated bodies none is a server error, none pollutes, and each refusal is a problem that is described`, async () => {
  const before = Object.getOwnPropertyNames(Object.prototype).join();
  const problem = document.components.schemas['Problem'] ?? {};
  const statuses = new Map<number, number>();
  const change = fc.tuple(fc.nat(60), fc.nat(60), fc.oneof(fc.constantFrom(...POISON), fc.string()), odd);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1_000),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.tuple(fc.nat(20), fc.nat(5_000)),
      async (which, changes, spoil) => {
        const operation = taking[which % taking.length];
        const body = changes.reduce<unknown>(changed, operation?.body);
        const answer = await rui.post(operation?.path ?? '', spoiled(JSON.stringify(body) ?? '', spoil));
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        expect(answer.status, answer.text).toBeLessThan(500);
        const mistakes = answer.status < 400 ? [] : mistakesIn(document, problem, answer.body);
        expect(mistakes).toEqual([]);
        expect(answer.text).not.toContain('    at ');
      },
    ),
    { numRuns: MUTATIONS },
  );
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
  // Both sides of the border were walked: some were taken, and most were not.
  expect((statuses.get(202) ?? 0) + (statuses.get(200) ?? 0)).toBeGreaterThan(0);
  expect(statuses.get(400) ?? 0).toBeGreaterThan(MUTATIONS / 4);
  expect((await rui.get('/inbox')).status).toBe(200);
}, 180_000);

test('what every operation answers is what the document says of it', async () => {
  const mei = await api.person('user:mei');
  const run = String((await rui.post('/runs', askedBody({ name: 'svc-described' }))).body['run']);
  const answers = [
    ['post', '/runs', await rui.post('/runs', askedBody({ name: 'svc-described-2' }))],
    ['post', '/runs/preview', await rui.post('/runs/preview', askedBody({ name: 'svc-described-3' }))],
    ['get', '/runs', await rui.get('/runs')],
    ['get', '/runs/{run}', await rui.get(`/runs/${run}`)],
    [
      'post',
      '/runs/{run}/challenge',
      await mei.post(`/runs/${run}/challenge`, { rule: 'owner-accepts', decision: 'approve' }),
    ],
    ['get', '/inbox', await mei.get('/inbox')],
    ['post', '/runs/{run}/approve', await mei.decide(run, 'owner-accepts')],
    ['post', '/runs/{run}/cancel', await rui.post(`/runs/${run}/cancel`)],
    ['get', '/identities', await mei.get('/identities')],
    ['get', '/identities/{name}', await mei.get('/identities/svc-described')],
    ['get', '/identities/{name}', await mei.get('/identities/svc-none')],
    ['post', '/runs', await rui.post('/runs', askedBody({ owner: 'user:rui' }))],
    ['get', '/me', await mei.get('/me')],
    ['get', '/passkeys', await mei.get('/passkeys')],
  ] as const;
  for (const [method, path, { status, body, headers }] of answers) {
    const content = document.paths[path]?.[method]?.responses[String(status)]?.content ?? {};
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    const schema = content[type]?.schema;
    expect([path, status, schema === undefined]).toEqual([path, status, false]);
    expect([path, status, mistakesIn(document, schema ?? {}, body)]).toEqual([path, status, []]);
  }
});
