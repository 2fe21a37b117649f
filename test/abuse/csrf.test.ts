import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { init, serve } from '@writ/server/commands';
import { ACME, type Browser, freePort, type PeopleWorld, startPeopleWorld, startWorld } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routesOf } from '../api/routes.ts';

const UNSAFE = ['POST', 'PUT', 'PATCH', 'DELETE'];
/** OAuth endpoints: what they act by is in the form they are sent, and never in a cookie. */
const OAUTH = ['/token', '/introspect', '/revoke'];
/** What reads no cookie, and therefore does nothing that a browser adds by itself could make it do. */
const WITHOUT_COOKIE = ['/api/v1/device', '/api/v1/device/token', '/dev/sign-in'];

let world: PeopleWorld;
let ana: Browser;
/** every unsafe method of every route that does not refuse the method */
let unsafe: readonly (readonly [method: string, path: string])[];
beforeAll(async () => {
  world = await startPeopleWorld();
  ana = await world.signedIn('user:ana');
  const paths = routesOf(world.running.house.app).map((url) =>
    url.replaceAll(/:\w+/g, 'x').replaceAll('*', 'x'),
  );
  const asked = [...new Set(paths)].flatMap((path) => UNSAFE.map((method) => [method, path] as const));
  const found = await Promise.all(
    asked.map(async ([method, path]) => ((await isTaken(method, path)) ? [[method, path] as const] : [])),
  );
  unsafe = found.flat();
});
afterAll(async () => world[Symbol.asyncDispose]());

/** What a route says to a method or to a body that it does not take. */
const NOT_TAKEN = [404, 405, 415];

/** Whether a route takes this method at all, as JSON or as a form, from whoever is not signed in. */
async function isTaken(method: string, path: string): Promise<boolean> {
  const types = ['application/json', 'application/x-www-form-urlencoded'];
  const answers = types.map(async (type) =>
    world.browser().ask(path, {}, { method, headers: { 'content-type': type } }),
  );
  return (await Promise.all(answers)).some(({ status }) => !NOT_TAKEN.includes(status));
}

const guarded = () => unsafe.filter(([, path]) => ![...OAUTH, ...WITHOUT_COOKIE].includes(path));

describe('CSRF cannot be: every unsafe route', () => {
  test('is one of those that are looked at here', () => {
    const named = unsafe.map(([method, path]) => `${method} ${path}`);
    for (const path of [
      ...OAUTH,
      ...WITHOUT_COOKIE,
      '/sign-out',
      '/api/v1/passkeys',
      '/api/v1/runs',
      '/dev/assert',
    ])
      expect(named).toContain(`POST ${path}`);
    expect(new Set(unsafe.map(([method]) => method))).toEqual(new Set(['POST']));
  });

  test.each<[string, Readonly<Record<string, string | undefined>>, number]>([
    ['no origin', { origin: undefined }, 403],
    ['another site’s origin', { origin: 'https://evil.example' }, 403],
    ['an origin that hides itself', { origin: 'null' }, 403],
    ['an origin that begins as ours does', { origin: 'http://localhost.evil.example' }, 403],
    ['our host without its port', { origin: 'http://localhost' }, 403],
    ['an empty origin', { origin: '' }, 403],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a form of parts', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['no type', { 'content-type': undefined }, 415],
    ['two types', { 'content-type': 'text/plain, application/json' }, 415],
    ['JSON in another alphabet', { 'content-type': 'application/json; charset=utf-7' }, 415],
  ])('refuses a cookie with %s', async (_, headers, status) => {
    for (const [method, path] of guarded()) {
      const answer = await ana.ask(path, {}, { method, headers });
      expect([path, answer.status]).toEqual([path, status]);
    }
    expect((await ana.ask('/api/v1/me')).status).toBe(200);
  });

  test('refuses whoever has no session, and says nothing else', async () => {
    const texts = new Set<string>();
    for (const [method, path] of guarded()) {
      const answer = await world.browser().ask(path, {}, { method });
      expect([path, answer.status]).toEqual([path, 401]);
      texts.add(answer.text);
    }
    expect(texts.size).toBe(1);
  });

  test('takes the secret of a terminal without an origin, and with a foreign one not', async () => {
    const authorization = `Bearer ${ana.cookies.get('writ')?.value ?? ''}`;
    const terminal = world.browser();
    const ask = async (origin: string | undefined) =>
      terminal.ask(
        '/api/v1/passkeys/challenge',
        { event: 'authenticator-added' },
        { headers: { authorization, origin } },
      );
    expect((await ask(undefined)).status).toBe(200);
    expect((await ask('https://evil.example')).status).toBe(403);
  });

  test('of those without a cookie refuses a foreign origin and whatever is no JSON', async () => {
    for (const path of WITHOUT_COOKIE) {
      const ask = async (headers: Readonly<Record<string, string | undefined>>) =>
        (await ana.ask(path, {}, { headers })).status;
      expect([path, await ask({ origin: 'https://evil.example' })]).toEqual([path, 403]);
      expect([path, await ask({ 'content-type': 'text/plain' })]).toEqual([path, 415]);
    }
  });

  test('no answer lets another site’s script read it', async () => {
    for (const path of ['/api/v1/me', '/api/v1/passkeys', '/api/v1/openapi.json', '/dev/people']) {
      const { headers } = await ana.ask(path, undefined, { headers: { origin: 'https://evil.example' } });
      expect(headers.get('access-control-allow-origin')).toBeNull();
      const preflight = await ana.ask(path, undefined, {
        method: 'OPTIONS',
        headers: { origin: 'https://evil.example' },
      });
      expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('sample people', () => {
  const ofSamples = (routes: readonly string[]) => routes.filter((url) => url.startsWith('/dev/'));

  test('are there under `writ dev` on localhost', () => {
    expect(new Set(ofSamples(routesOf(world.running.house.app)))).toEqual(
      new Set(['/dev/people', '/dev/sign-in', '/dev/assert']),
    );
  });

  test('are not there under `writ dev` on an address', async () => {
    await using plain = await startWorld();
    expect(ofSamples(routesOf(plain.running.house.app))).toEqual([]);
  });

  test('are never there under `writ serve`', async () => {
    const data = mkdtempSync(join(tmpdir(), 'writ-serve-'));
    const options = {
      directory: ACME,
      data,
      listen: `127.0.0.1:${await freePort()}`,
      publicUrl: 'https://localhost',
    };
    await init(options);
    const running = await serve(options);
    try {
      const routes = routesOf(running.house.app);
      expect(routes).toContain('/api/v1/me');
      expect(ofSamples(routes)).toEqual([]);
      const adding = running.house.engine.people.addSample('user:ana', 'x', () => ({
        clientDataJson: '',
        attestationObject: '',
      }));
      await expect(adding).rejects.toThrow(/.+/);
    } finally {
      running.stop();
      await running.stopped;
      rmSync(data, { recursive: true });
    }
  });
});
