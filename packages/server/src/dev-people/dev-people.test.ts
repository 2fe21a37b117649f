import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, freePort, type PeopleWorld, startPeopleWorld } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../commands.ts';

const LABEL = 'software authenticator (sample)';
const CHALLENGE = Buffer.alloc(32, 1).toString('base64url');

const data = mkdtempSync(join(tmpdir(), 'writ-sample-'));
const port = await freePort();
const start = async (): Promise<PeopleWorld> =>
  startPeopleWorld({ data, port, edits: [['people.yaml', 'name: Ida (sample)', 'name: Ida']] });

let world: PeopleWorld;
beforeAll(async () => {
  world = await start();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  rmSync(data, { recursive: true });
});

async function sample(person: string): Promise<Browser> {
  const browser = world.browser();
  const { status, text } = await browser.ask('/dev/sign-in', { person });
  if (status !== 200) throw new Error(text);
  return browser;
}

const passkeysOf = async (browser: Browser): Promise<readonly Readonly<Record<string, string>>[]> => {
  const { body } = await browser.ask('/api/v1/me');
  // INVARIANT: it is what the API says of itself.
  return body['passkeys'] as readonly Readonly<Record<string, string>>[];
};

describe('sample people of `writ dev`', () => {
  test('are those whose name says so, and nobody else', async () => {
    const { status, body } = await world.browser().ask('/dev/people');
    expect(status).toBe(200);
    expect(body['people']).toMatchObject([
      { person: 'user:ana', name: 'Ana (sample)', roles: ['operator', 'administrator'] },
      { person: 'user:rui', name: 'Rui (sample)' },
      { person: 'user:mei', name: 'Mei (sample)' },
      { person: 'user:tom', name: 'Tom (sample)' },
    ]);
  });

  test('sign in without an identity provider, and everything about them says so', async () => {
    const ana = await sample('user:ana');
    expect(ana.given[0]).toMatch(/^writ=[A-Za-z0-9_-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await ana.ask('/api/v1/me')).body).toMatchObject({
      person: 'user:ana',
      sample: true,
      passkeys: [{ label: LABEL }],
    });
    const session = await world.running.house.engine.people.session(ana.cookies.get('writ')?.value ?? '');
    expect(session?.evidence).toMatchObject({
      anchor: 'oidc/workforce',
      tokenId: expect.stringMatching(/^sample-/),
      claims: { subject: 'ana-7f3c', acr: 'phishing-resistant' },
    });
  });

  test.each(['user:ida', 'user:nobody', 'ana', ''])('%j is none of them', async (person) => {
    const browser = world.browser();
    const { status } = await browser.ask('/dev/sign-in', { person });
    expect([400, 404]).toContain(status);
    expect(browser.cookies.size).toBe(0);
  });

  test('have one passkey each, recorded when they first sign in: also of 16 at once', async () => {
    const before = (await world.running.house.store.read.tree()).size;
    const browsers = await Promise.all(Array.from({ length: 16 }, async () => sample('user:tom')));
    const ids = await Promise.all(
      browsers.map(async (browser) => (await passkeysOf(browser)).map(({ id }) => id)),
    );
    expect(new Set(ids.flat()).size).toBe(1);
    expect((await world.running.house.store.read.tree()).size).toBe(before + 1);
    const entry = await world.running.house.store.read.entry(before);
    expect(JSON.parse(entry?.record ?? '')).toMatchObject({
      type: 'person',
      event: 'authenticator-added',
      person: 'user:tom',
      by: 'dev',
      grounds: 'sample',
      authenticator: { label: LABEL },
    });
  });

  test('sign what they are given, and it is reported', async () => {
    const ana = await sample('user:ana');
    const { status, body } = await ana.ask('/dev/assert', { challenge: CHALLENGE, purpose: 'approve' });
    const [passkey] = await passkeysOf(ana);
    expect([status, body]).toMatchObject([
      200,
      { sample: true, assertion: { authenticator: passkey?.['id'] } },
    ]);
    expect(world.events.at(-1)).toEqual({
      event: 'sample passkey',
      details: { person: 'user:ana', purpose: 'approve' },
    });
  });

  test('get another passkey when theirs is lost', async () => {
    const mei = await sample('user:mei');
    const [before] = await passkeysOf(mei);
    await mei.ask(`/api/v1/passkeys/${before?.['id'] ?? ''}/lost`, {});
    expect(await passkeysOf(mei)).toEqual([]);
    await mei.ask('/dev/assert', { challenge: CHALLENGE, purpose: 'approve' });
    const [after] = await passkeysOf(mei);
    expect(after?.['id']).not.toBe(before?.['id']);
  });

  test('have keys that nobody else can read, sealed', () => {
    const path = join(data, 'sample-people.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const kept: unknown = JSON.parse(readFileSync(path, 'utf8'));
    expect(Object.values(Object(kept)).every((each) => /^v1\.[A-Za-z0-9_-]+$/.test(String(each)))).toBe(true);
  });

  test('are not who signed in at the identity provider: nothing signs for those', async () => {
    const ana = await world.signedIn('user:ana');
    const { status, body } = await ana.ask('/dev/assert', { challenge: CHALLENGE, purpose: 'approve' });
    expect([status, body['code']]).toEqual([403, 'refused']);
  });

  test.each([
    {},
    { challenge: CHALLENGE },
    { challenge: 'x y', purpose: 'approve' },
    { challenge: CHALLENGE, purpose: '' },
  ])('sign nothing that is not asked for rightly: %j', async (body) => {
    const ana = await sample('user:ana');
    expect((await ana.ask('/dev/assert', body)).status).toBe(400);
  });

  test('keep their passkeys over a restart, and the audit finds nothing', async () => {
    const before = (await passkeysOf(await sample('user:rui'))).map(({ id }) => id);
    await world[Symbol.asyncDispose]();
    const { findings } = await audit({ data }, () => undefined);
    expect(findings).toEqual([]);
    world = await start();
    const rui = await sample('user:rui');
    expect((await passkeysOf(rui)).map(({ id }) => id)).toEqual(before);
    expect((await rui.ask('/dev/assert', { challenge: CHALLENGE, purpose: 'approve' })).status).toBe(200);
  });
});
