import { hash } from 'node:crypto';
import { canonicalJson } from '@writ/core';
import {
  type Browser,
  createSoftwarePasskey,
  type PeopleWorld,
  type SoftwarePasskey,
  startPeopleWorld,
  startWorld,
} from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let world: PeopleWorld;
let ana: Browser;
let anas: SoftwarePasskey;
beforeAll(async () => {
  world = await startPeopleWorld();
  ana = await world.signedIn('user:ana');
  const { secret } = await world.running.house.engine.people.inviteFirst('user:ana');
  anas = passkey();
  const { status } = await add(ana, anas, () => ({ invitation: secret.reveal() }));
  if (status !== 201) throw new Error('ana has no passkey');
});
afterAll(async () => world[Symbol.asyncDispose]());

function passkey(): SoftwarePasskey {
  const { hostname: rpId, origin } = new URL(world.url);
  return createSoftwarePasskey({ rpId, origin });
}

/** What a page's script computes: it knows nothing of the server's code. */
function challengeOf(change: Readonly<Record<string, string>>): Buffer {
  return hash('sha256', `writ/authenticator/1\n${canonicalJson(change)}`, 'buffer');
}

interface Asked {
  readonly nonce: string;
  readonly challenge: Buffer;
}

async function ask(browser: Browser, change: object): Promise<Asked> {
  const { body } = await browser.ask('/api/v1/passkeys/challenge', change);
  return { nonce: String(body['nonce']), challenge: Buffer.from(String(body['challenge']), 'base64url') };
}

async function add(browser: Browser, made: SoftwarePasskey, by: (nonce: string) => object) {
  const { nonce, challenge } = await ask(browser, { event: 'authenticator-added' });
  const registration = made.register(challenge);
  return browser.ask('/api/v1/passkeys', { nonce, registration, label: 'a passkey', ...by(nonce) });
}

const signedBy = (by: SoftwarePasskey, made: SoftwarePasskey, event: string) => (nonce: string) => ({
  assertion: by.assert(challengeOf({ event, id: made.id, nonce, person: 'user:ana' })),
});

async function invite(browser: Browser, by: SoftwarePasskey, person: string) {
  const { nonce } = await ask(browser, { event: 'invited', person });
  const assertion = by.assert(challengeOf({ event: 'invited', nonce, person }));
  return browser.ask(`/api/v1/people/${person}/invitations`, { nonce, assertion });
}

const secretOf = (url: unknown): string => new URL(String(url)).hash.slice(1);

describe('passkeys over HTTP', () => {
  test('E2 one is added by another, listed, replaced and lost, with a leaf each', async () => {
    const size = async () => (await world.running.house.store.read.tree()).size;
    const before = await size();
    const [second, third] = [passkey(), passkey()];
    const added = await add(ana, second, signedBy(anas, second, 'authenticator-added'));
    expect([added.status, added.body]).toMatchObject([201, { id: second.id, label: 'a passkey' }]);
    const { nonce, challenge } = await ask(ana, { event: 'authenticator-replaced', id: second.id });
    const replaced = await ana.ask(`/api/v1/passkeys/${second.id}/replace`, {
      nonce,
      registration: third.register(challenge),
      label: 'the third',
      ...signedBy(second, third, 'authenticator-replaced')(nonce),
    });
    expect([replaced.status, replaced.body]).toMatchObject([201, { id: third.id, label: 'the third' }]);
    const lost = await ana.ask(`/api/v1/passkeys/${third.id}/lost`, {});
    expect(lost.status).toBe(200);
    const { body } = await ana.ask('/api/v1/passkeys');
    expect(body['passkeys']).toEqual([{ id: anas.id, label: 'a passkey', addedAt: expect.any(String) }]);
    expect(await size()).toBe(before + 4);
  });

  test('an invitation is a link for one person, whose secret no server is sent by opening it', async () => {
    const made = await invite(ana, anas, 'user:rui');
    expect([made.status, made.body['person']]).toEqual([201, 'user:rui']);
    const link = new URL(String(made.body['url']));
    expect([link.origin + link.pathname, link.search]).toEqual([`${world.url}/enrol`, '']);
    const secret = secretOf(link);
    const mei = await world.signedIn('user:mei');
    expect((await add(mei, passkey(), () => ({ invitation: secret }))).status).toBe(403);
    const rui = await world.signedIn('user:rui');
    expect((await add(rui, passkey(), () => ({ invitation: secret }))).status).toBe(201);
    expect((await add(rui, passkey(), () => ({ invitation: secret }))).status).toBe(403);
    expect(JSON.stringify(world.events)).not.toContain(secret);
  });

  test('F13 a link that is opened 16 times at once adds one passkey', async () => {
    const { body } = await invite(ana, anas, 'user:tom');
    const tom = await world.signedIn('user:tom');
    const tries = Array.from({ length: 16 }, async () =>
      add(tom, passkey(), () => ({ invitation: secretOf(body['url']) })),
    );
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(new Set(statuses)).toEqual(new Set([201, 403, 409].filter((each) => statuses.includes(each))));
  });

  test('what a passkey did not sign is the caller’s mistake, and nothing is wrong with the server', async () => {
    const made = passkey();
    const answer = await add(ana, made, () => ({ assertion: anas.assert(Buffer.alloc(32)) }));
    expect([answer.status, answer.body['code']]).toEqual([422, 'not-signed']);
    const unregistered = await ask(ana, { event: 'authenticator-added' });
    const registration = made.register(Buffer.alloc(32));
    const body = {
      nonce: unregistered.nonce,
      registration,
      label: 'x',
      ...signedBy(anas, made, 'authenticator-added')(unregistered.nonce),
    };
    expect((await ana.ask('/api/v1/passkeys', body)).body['code']).toBe('not-signed');
  });

  test('F8 of somebody else it does not exist, and answers no differently', async () => {
    const mei = await world.signedIn('user:mei');
    for (const [path, body] of [
      [(id: string) => `/api/v1/passkeys/${id}/lost`, () => ({})],
      [() => '/api/v1/passkeys/challenge', (id: string) => ({ event: 'authenticator-replaced', id })],
    ] as const) {
      const [theirs, nobodys] = [anas.id, passkey().id];
      const answers = await Promise.all([theirs, nobodys].map(async (id) => mei.ask(path(id), body(id))));
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      expect(answers[0]?.text).toBe(answers[1]?.text);
    }
  });

  test('F8 who may invite nobody learns nothing of who there is', async () => {
    const mei = await world.signedIn('user:tom');
    const answers = await Promise.all(
      ['user:ida', 'user:nobody'].map(async (person) => invite(mei, passkey(), person)),
    );
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
  });

  test.each([
    [{ event: 'authenticator-added', id: 'AAAA' }],
    [{ event: 'authenticator-replaced' }],
    [{ event: 'invited' }],
    [{ event: 'invited', person: 'user:rui', id: 'AAAA' }],
    [{ event: 'authenticator-lost', id: 'AAAA' }],
    [{}],
  ])('a challenge is for something: not %j', async (body) => {
    expect((await ana.ask('/api/v1/passkeys/challenge', body)).status).toBe(400);
  });

  test('a new passkey has one ground: not both, not none', async () => {
    const made = passkey();
    expect((await add(ana, made, () => ({}))).status).toBe(400);
    const both = (nonce: string) => ({
      ...signedBy(anas, made, 'authenticator-added')(nonce),
      invitation: 'A'.repeat(43),
    });
    expect((await add(ana, made, both)).status).toBe(400);
  });
});

describe('who is signed in', () => {
  test('is told to them', async () => {
    const { body } = await ana.ask('/api/v1/me');
    expect(body).toEqual({
      person: 'user:ana',
      name: 'Ana (sample)',
      groups: expect.arrayContaining(['group:platform-security']),
      roles: ['operator', 'administrator'],
      signedInAt: expect.stringMatching(/^\d{4}-/),
      expiresAt: expect.stringMatching(/^\d{4}-/),
      passkeys: [expect.objectContaining({ id: anas.id })],
      sample: false,
    });
  });
});

describe('a server that is known by an address', () => {
  test('has no passkeys, and says why', async () => {
    await using plain = await startWorld();
    const { people } = plain.running.house.engine;
    await expect(people.inviteFirst('user:ana')).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('a passkey needs a host name'),
    });
  });
});
