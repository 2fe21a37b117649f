import { AUTHENTICATORS_CELL, authenticatorCell } from '@writ/core';
import {
  type EngineHouse,
  firstAdministrator,
  HOSTILE_ASSERTIONS,
  HOSTILE_REGISTRATIONS,
  newPasskey,
  openEngineHouse,
  type PersonId,
  passkeyOf,
  SITE,
  type SoftwarePasskey,
  signChange,
  signedIn,
} from '@writ/testkit';
import { NOON } from '@writ/testkit/facts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NewPasskey } from './passkeys.ts';

let house: EngineHouse;
beforeEach(async () => {
  house = await openEngineHouse();
});
afterEach(async () => house.close());

const ADDED = 'authenticator-added';

/** An assertion of `by` over adding `passkey`. */
const byPasskey =
  (by: SoftwarePasskey, passkey: SoftwarePasskey, person: PersonId = 'user:ana') =>
  (nonce: string): NewPasskey['by'] => ({
    assertion: signChange(by, { event: ADDED, person, nonce, id: passkey.id }),
  });

/** What the newest leaf says. */
async function newestRecord(): Promise<Readonly<Record<string, unknown>>> {
  const { size } = await house.house.store.read.tree();
  const entry = await house.house.store.read.entry(size - 1);
  return JSON.parse(entry?.record ?? '{}');
}

const ledgerSize = async (): Promise<number> => (await house.house.store.read.tree()).size;
const idsOf = async (person: string): Promise<readonly string[]> =>
  (await house.engine.people.authenticators(person)).map(({ id }) => id);

describe('E2 adding a passkey', () => {
  test('by one that the person has is one leaf, which holds its key and says why', async () => {
    const { session, passkey: old } = await firstAdministrator(house);
    const before = await ledgerSize();
    const passkey = passkeyOf();
    const made = await newPasskey(house.engine, session, passkey, byPasskey(old, passkey));
    const added = await house.engine.people.addPasskey(session, { ...made, label: 'key in the safe' });
    expect(added).toMatchObject({
      id: passkey.id,
      person: 'user:ana',
      label: 'key in the safe',
      state: 'active',
    });
    expect(await ledgerSize()).toBe(before + 1);
    expect(await newestRecord()).toMatchObject({
      type: 'person',
      event: ADDED,
      person: 'user:ana',
      by: 'user:ana',
      grounds: 'passkey',
      authenticator: {
        id: passkey.id,
        public_jwk: expect.objectContaining({ kty: 'EC', crv: 'P-256' }),
        rp_id: SITE.rpId,
        origin: SITE.origin,
        label: 'key in the safe',
      },
    });
    expect(new Set(await idsOf('user:ana'))).toEqual(new Set([old.id, passkey.id]));
  });

  test('needs an invitation or a passkey: a session adds nothing', async () => {
    const { session } = await signedIn(house, 'user:ana');
    const passkey = passkeyOf();
    const made = await newPasskey(house.engine, session, passkey, byPasskey(passkey, passkey));
    await expect(house.engine.people.addPasskey(session, made)).rejects.toMatchObject({ code: 'refused' });
    expect(await idsOf('user:ana')).toEqual([]);
  });

  test('somebody else’s passkey is no ground, though it signs for the right person', async () => {
    const { passkey: anas } = await firstAdministrator(house);
    const { session } = await signedIn(house, 'user:rui');
    const passkey = passkeyOf();
    const made = await newPasskey(house.engine, session, passkey, byPasskey(anas, passkey, 'user:rui'));
    await expect(house.engine.people.addPasskey(session, made)).rejects.toMatchObject({ code: 'refused' });
  });

  test.each<[string, (nonce: string, passkey: SoftwarePasskey) => Parameters<typeof signChange>[1]]>([
    ['another passkey', (nonce) => ({ event: ADDED, person: 'user:ana', nonce, id: passkeyOf().id })],
    ['no passkey', (nonce) => ({ event: ADDED, person: 'user:ana', nonce })],
    ['another person', (nonce, { id }) => ({ event: ADDED, person: 'user:rui', nonce, id })],
    [
      'a replacement',
      (nonce, { id }) => ({ event: 'authenticator-replaced', person: 'user:ana', nonce, id }),
    ],
    ['another nonce', (_, { id }) => ({ event: ADDED, person: 'user:ana', nonce: 'A'.repeat(43), id })],
  ])('F2 a passkey that signed %s does not add this one', async (_, signs) => {
    const { session, passkey: old } = await firstAdministrator(house);
    const passkey = passkeyOf();
    const made = await newPasskey(house.engine, session, passkey, (nonce) => ({
      assertion: signChange(old, signs(nonce, passkey)),
    }));
    const adding = house.engine.people.addPasskey(session, made);
    await expect(adding).rejects.toMatchObject({ code: 'verification-failed' });
    expect(await idsOf('user:ana')).toEqual([old.id]);
  });

  test('a passkey that was replaced or lost adds nothing', async () => {
    const { session, passkey: old } = await firstAdministrator(house);
    await house.engine.people.reportLoss(session, old.id);
    const passkey = passkeyOf();
    const made = await newPasskey(house.engine, session, passkey, byPasskey(old, passkey));
    await expect(house.engine.people.addPasskey(session, made)).rejects.toMatchObject({ code: 'refused' });
  });

  test('the same passkey is added once, for whomever', async () => {
    const { session, passkey } = await firstAdministrator(house);
    const again = await newPasskey(house.engine, session, passkey, byPasskey(passkey, passkey));
    await expect(house.engine.people.addPasskey(session, again)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('the same key under another id is the same passkey', async () => {
    const { session, passkey: old } = await firstAdministrator(house);
    const { nonce, challenge } = await house.engine.people.challenge(session, { event: ADDED });
    const id = Buffer.alloc(32, 9);
    const registration = old.register(Buffer.from(challenge, 'base64url'), { id });
    const assertion = signChange(old, {
      event: ADDED,
      person: 'user:ana',
      nonce,
      id: id.toString('base64url'),
    });
    const adding = house.engine.people.addPasskey(session, {
      nonce,
      registration,
      label: 'x',
      by: { assertion },
    });
    await expect(adding).rejects.toMatchObject({ code: 'conflict' });
  });

  test('F3 a nonce is for one change: 64 at once with it add one', async () => {
    const { session, passkey: old } = await firstAdministrator(house);
    const { nonce, challenge } = await house.engine.people.challenge(session, { event: ADDED });
    const tries = Array.from({ length: 64 }, async () => {
      const passkey = passkeyOf();
      const registration = passkey.register(Buffer.from(challenge, 'base64url'));
      const by = byPasskey(old, passkey)(nonce);
      return house.engine.people.addPasskey(session, { nonce, registration, label: 'one of many', by });
    });
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await idsOf('user:ana')).toHaveLength(2);
  });

  test('F3 a nonce is for one session: nobody brings somebody else’s', async () => {
    const { session, passkey: old } = await firstAdministrator(house);
    const { session: second } = await signedIn(house, 'user:ana');
    const passkey = passkeyOf();
    const made = await newPasskey(house.engine, second, passkey, byPasskey(old, passkey));
    await expect(house.engine.people.addPasskey(session, made)).rejects.toMatchObject({ code: 'refused' });
  });

  test('F3 a nonce lapses after five minutes', async () => {
    const { session, passkey: old } = await firstAdministrator(house);
    const passkey = passkeyOf();
    const made = await newPasskey(house.engine, session, passkey, byPasskey(old, passkey));
    house.clock.advance(300);
    await expect(house.engine.people.addPasskey(session, made)).rejects.toMatchObject({ code: 'refused' });
  });

  test.each(HOSTILE_REGISTRATIONS.map((each) => [each.name, each] as const))(
    'refuses a registration %s',
    async (_, hostile) => {
      const { session, passkey: old } = await firstAdministrator(house);
      const passkey = passkeyOf();
      const { nonce, challenge } = await house.engine.people.challenge(session, { event: ADDED });
      const registration = hostile.make(passkey, Buffer.from(challenge, 'base64url'));
      const by = byPasskey(old, passkey)(nonce);
      const adding = house.engine.people.addPasskey(session, { nonce, registration, label: 'x', by });
      await expect(adding).rejects.toMatchObject({ code: 'verification-failed' });
      expect(await idsOf('user:ana')).toEqual([old.id]);
    },
  );

  test('refuses every assertion that is not sound', async () => {
    const { session, passkey: old } = await firstAdministrator(house);
    for (const hostile of HOSTILE_ASSERTIONS) {
      const passkey = passkeyOf();
      const made = await newPasskey(house.engine, session, passkey, (nonce) => {
        const sound = signChange(old, { event: ADDED, person: 'user:ana', nonce, id: passkey.id });
        const { challenge } = JSON.parse(Buffer.from(sound.clientDataJson, 'base64url').toString()) as {
          challenge: string;
        };
        return { assertion: hostile.make(old, Buffer.from(challenge, 'base64url')) };
      });
      const adding = house.engine.people.addPasskey(session, made);
      await expect(adding, hostile.name).rejects.toThrow(/.+/);
    }
    expect(await idsOf('user:ana')).toEqual([old.id]);
  });

  test.each(['', ' x', 'x'.repeat(65), 'a\nb', 'a\u202eb', '\ud800'])(
    'L6 is called by no such name: %j',
    async (label) => {
      const { session, passkey: old } = await firstAdministrator(house);
      const passkey = passkeyOf();
      const made = await newPasskey(house.engine, session, passkey, byPasskey(old, passkey));
      const adding = house.engine.people.addPasskey(session, { ...made, label });
      await expect(adding).rejects.toMatchObject({ code: 'invalid' });
    },
  );
});

describe('E2 replacing and losing a passkey', () => {
  test('a replacement is a leaf for the new one and a leaf for the end of the old one', async () => {
    const { session, passkey: old } = await firstAdministrator(house);
    const before = await ledgerSize();
    const passkey = passkeyOf();
    const made = await newPasskey(
      house.engine,
      session,
      passkey,
      (nonce) => ({
        assertion: signChange(old, {
          event: 'authenticator-replaced',
          person: 'user:ana',
          nonce,
          id: passkey.id,
        }),
      }),
      old.id,
    );
    await house.engine.people.replacePasskey(session, old.id, made);
    expect(await ledgerSize()).toBe(before + 2);
    expect(await newestRecord()).toMatchObject({
      event: 'authenticator-replaced',
      person: 'user:ana',
      by: 'user:ana',
      grounds: 'passkey',
      authenticator: { id: old.id },
    });
    expect(await idsOf('user:ana')).toEqual([passkey.id]);
  });

  test('F3 what was signed to add one replaces none', async () => {
    const { session, passkey: old } = await firstAdministrator(house);
    const passkey = passkeyOf();
    const made = await newPasskey(house.engine, session, passkey, byPasskey(old, passkey));
    const replacing = house.engine.people.replacePasskey(session, old.id, made);
    await expect(replacing).rejects.toMatchObject({ code: 'refused' });
    expect(await idsOf('user:ana')).toEqual([old.id]);
  });

  test('a loss is a leaf, and needs the sign-in alone', async () => {
    const { session, passkey } = await firstAdministrator(house);
    await house.engine.people.reportLoss(session, passkey.id);
    expect(await newestRecord()).toMatchObject({
      event: 'authenticator-lost',
      grounds: 'session',
      by: 'user:ana',
      authenticator: { id: passkey.id },
    });
    expect(await idsOf('user:ana')).toEqual([]);
    const cells = await house.house.store.read.cells([authenticatorCell(passkey.id)]);
    expect(cells[authenticatorCell(passkey.id)]).toBe('lost');
  });

  test('F8 of somebody else, of nobody, or of one that has ended: it does not exist', async () => {
    const { session, passkey } = await firstAdministrator(house);
    const { session: ruis } = await signedIn(house, 'user:rui');
    const unknown = { code: 'unknown', message: 'you have no such passkey' };
    await expect(house.engine.people.reportLoss(ruis, passkey.id)).rejects.toMatchObject(unknown);
    await expect(house.engine.people.reportLoss(session, 'AAAA')).rejects.toMatchObject(unknown);
    const replaced = { event: 'authenticator-replaced', id: passkey.id } as const;
    await expect(house.engine.people.challenge(ruis, replaced)).rejects.toMatchObject(unknown);
    await house.engine.people.reportLoss(session, passkey.id);
    await expect(house.engine.people.reportLoss(session, passkey.id)).rejects.toMatchObject(unknown);
  });

  test('64 losses at once are one leaf', async () => {
    const { session, passkey } = await firstAdministrator(house);
    const before = await ledgerSize();
    const tries = Array.from({ length: 64 }, async () => house.engine.people.reportLoss(session, passkey.id));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await ledgerSize()).toBe(before + 1);
  });
});

describe('E2 a passkey is what its leaf says', () => {
  test('one that somebody put into the database by hand is none', async () => {
    const { session } = await firstAdministrator(house);
    const row = {
      id: 'AAAAAAAAAAAAAAAAAAAAAA',
      person: 'user:ana',
      state: 'active',
      added_at: NOON,
      body: '{}',
    };
    await house.house.store.commit({
      expect: [],
      consume: [],
      append: null,
      write: [
        { kind: 'row', table: 'authenticators', row },
        { kind: 'cell', cell: authenticatorCell(row.id), value: 'active' },
      ],
    });
    expect(await idsOf('user:ana')).not.toContain(row.id);
    expect(house.events.at(-1)).toMatchObject({ event: 'failed' });
    await expect(house.engine.people.reportLoss(session, row.id)).rejects.toMatchObject({ code: 'unknown' });
  });

  test('one whose row was given to somebody else is nobody’s', async () => {
    const { passkey } = await firstAdministrator(house);
    const row = { id: passkey.id, person: 'user:rui', state: 'active', added_at: NOON, body: '{}' };
    await house.house.store.commit({
      expect: [],
      consume: [],
      append: null,
      write: [{ kind: 'row', table: 'authenticators', row }],
    });
    expect(await idsOf('user:rui')).toEqual([]);
  });

  test('one that was lost stays lost, whatever its row says', async () => {
    const { session, passkey } = await firstAdministrator(house);
    const found = await house.house.store.read.row('authenticators', passkey.id);
    if (found === null) throw new Error('no row');
    const { entry: _entry, ...row } = found;
    await house.engine.people.reportLoss(session, passkey.id);
    await house.house.store.commit({
      expect: [],
      consume: [],
      append: null,
      write: [{ kind: 'row', table: 'authenticators', row }],
    });
    expect(await idsOf('user:ana')).toEqual([]);
  });
});

describe('sample passkeys', () => {
  test('are recorded where the artefact set is one of `writ dev`, and say so', async () => {
    await using dev = await openEngineHouse({ dev: true });
    const passkey = passkeyOf();
    await dev.engine.people.addSample('user:mei', 'software (sample)', (challenge) =>
      passkey.register(challenge),
    );
    const { size } = await dev.house.store.read.tree();
    const entry = await dev.house.store.read.entry(size - 1);
    expect(JSON.parse(entry?.record ?? '{}')).toMatchObject({
      grounds: 'sample',
      by: 'dev',
      person: 'user:mei',
    });
    expect((await dev.audit()).findings).toEqual([]);
  });

  test('are refused everywhere else', async () => {
    const passkey = passkeyOf();
    const adding = house.engine.people.addSample('user:mei', 'x', (challenge) => passkey.register(challenge));
    await expect(adding).rejects.toMatchObject({ code: 'refused' });
    const cells = await house.house.store.read.cells([AUTHENTICATORS_CELL]);
    expect(cells[AUTHENTICATORS_CELL]).toBeNull();
  });
});
