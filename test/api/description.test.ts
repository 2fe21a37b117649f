import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHouse, openApiHouse } from './api-house.ts';
import type { Described, Description } from './conforms.ts';
import { routesOf } from './routes.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
/** The keywords of an operation that we use, all of them of OpenAPI 3.1.1 §4.8.10. */
const OPERATION = [
  'operationId',
  'summary',
  'description',
  'parameters',
  'requestBody',
  'responses',
  'security',
];

describe('GET /api/v1/openapi.json', () => {
  let api: ApiHouse;
  let document: Description;
  let operations: readonly (readonly [path: string, method: string, described: Described])[];
  beforeAll(async () => {
    api = await openApiHouse();
    const answer = await fetch(`${api.base}/openapi.json`);
    // INVARIANT: the tests below are what says that it is one.
    document = (await answer.json()) as Description;
    operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, described]) => [path, method, described] as const),
    );
  });
  afterAll(async () => api[Symbol.asyncDispose]());

  test('is served to anybody, and is what OpenAPI 3.1 demands of a document', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: 'Writ', version: expect.any(String) });
    expect(document.servers).toEqual([{ url: 'http://localhost:8420/api/v1' }]);
    expect(Object.keys(document).sort()).toEqual([
      'components',
      'info',
      'openapi',
      'paths',
      'security',
      'servers',
    ]);
    expect(Object.keys(document.components).sort()).toEqual(['schemas', 'securitySchemes']);
    expect(Object.keys(document.components.securitySchemes)).toEqual(['bearer', 'cookie']);
    for (const name of Object.keys(document.components.schemas)) expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
  });

  test('has an operation for every route of the router under /api, and no others', async () => {
    const { app } = api.house.house;
    const served: string[] = [];
    for (const url of routesOf(app).filter((each) => each.startsWith('/api/'))) {
      for (const method of METHODS.filter((each) => each !== 'head' && each !== 'trace')) {
        const answer = await fetch(new URL(url.replaceAll(/:\w+/g, 'x'), api.base), {
          method: method.toUpperCase(),
        });
        const path = url.replace('/api/v1', '').replaceAll(/:(\w+)/g, '{$1}');
        if (answer.status !== 405) served.push(`${method} ${path}`);
      }
    }
    expect(served.sort()).toEqual(operations.map(([path, method]) => `${method} ${path}`).sort());
  });

  test('each operation has a name of its own, a summary, and members that the specification knows', () => {
    const names = operations.map(([, , { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const [path, method, described] of operations) {
      expect(METHODS, path).toContain(method);
      expect(described.summary, path).not.toBe('');
      expect(OPERATION, path).toEqual(expect.arrayContaining(Object.keys(described)));
    }
  });

  test('the parameters of a path are those in its braces, each required', () => {
    for (const [path, , { parameters = [] }] of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const inPath = parameters.filter((each) => each.in === 'path');
      expect(inPath.map(({ name }) => name)).toEqual(named);
      for (const each of inPath) expect(each.required).toBe(true);
      for (const each of parameters) expect(['path', 'query', 'header']).toContain(each.in);
    }
  });

  test('each answer is described; each problem is one of RFC 9457', () => {
    for (const [path, , { responses }] of operations) {
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(status).toMatch(/^[1-5]\d\d$/);
        expect(description, path).not.toBe('');
        const types = Object.keys(content ?? {});
        const expected =
          status === '304' ? [] : status < '400' ? ['application/json'] : ['application/problem+json'];
        expect(types, `${path} ${status}`).toEqual(expected);
      }
    }
  });

  test('every reference leads to a schema, and every schema is referred to', () => {
    const used = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, to]) => to);
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(new Set(used)).toEqual(new Set(known));
  });

  test('without a session there is the sign-in of a terminal, and what says nothing of an installation', () => {
    const open = operations.filter(([, , { security }]) => security?.length === 0).map(([path]) => path);
    expect(open).toEqual(['/device', '/device/token', '/openapi.json', '/problems']);
  });

  test('no member of any answer is called like a credential', () => {
    const members = [...JSON.stringify(document.components.schemas).matchAll(/"(\w+)":\{/g)].map(
      ([, name]) => name,
    );
    for (const word of ['token', 'secret', 'password', 'credential', 'privateKey', 'd'])
      expect(members).not.toContain(word);
  });
});
