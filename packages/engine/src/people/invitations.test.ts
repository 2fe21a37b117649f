import type { Session } from '@writ/core';
import {
  type EngineHouse,
  firstAdministrator,
  newPasskey,
  openEngineHouse,
  type PersonId,
  passkeyOf,
  type SoftwarePasskey,
  signChange,
  signedIn,
} from '@writ/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NewPasskey } from './passkeys.ts';

let house: EngineHouse;
beforeEach(async () => {
  house = await openEngineHouse();
});
afterEach(async () => house.close());

interface Administrator {
  readonly session: Session;
  readonly passkey: SoftwarePasskey;
}

/** Invites with a passkey; what was signed may be something else. */
async function invite(
  { session, passkey }: Administrator,
  person: string,
  signs: Partial<Parameters<typeof signChange>[1]> = {},
) {
  const { nonce } = await house.engine.people.challenge(session, { event: 'invited', person });
  const assertion = signChange(passkey, { event: 'invited', person, nonce, ...signs });
  return house.engine.people.invite(session, { person, nonce, assertion });
}

/** Adds a passkey of this person, by the secret of a link. */
async function redeem(person: PersonId, secret: string): Promise<SoftwarePasskey> {
  const { session } = await signedIn(house, person);
  const passkey = passkeyOf();
  const made: NewPasskey = await newPasskey(house.engine, session, passkey, () => ({ invitation: secret }));
  await house.engine.people.addPasskey(session, made);
  return passkey;
}

const records = async (): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const { size } = await house.house.store.read.tree();
  const entries = await house.house.store.read.entries(0, size);
  return entries
    .map(({ record }): Readonly<Record<string, unknown>> => JSON.parse(record ?? '{}'))
    .filter(({ type }) => type === 'person');
};

describe('the first administrator', () => {
  test('adds a passkey by the one-time link: two leaves, by the operator and by them', async () => {
    const { passkey } = await firstAdministrator(house);
    expect(await records()).toMatchObject([
      { event: 'invited', person: 'user:ana', by: 'local', grounds: 'first-administrator' },
      {
        event: 'authenticator-added',
        person: 'user:ana',
        by: 'user:ana',
        grounds: 'first-administrator',
        authenticator: { id: passkey.id },
      },
    ]);
  });

  test('is invited only while nobody has a passkey', async () => {
    await firstAdministrator(house);
    await expect(house.engine.people.inviteFirst('user:mei')).rejects.toMatchObject({ code: 'refused' });
  });

  test('of two links, the second is nothing once the first was used', async () => {
    const [ana, mei] = [
      await house.engine.people.inviteFirst('user:ana'),
      await house.engine.people.inviteFirst('user:mei'),
    ];
    await redeem('user:ana', ana.secret.reveal());
    await expect(redeem('user:mei', mei.secret.reveal())).rejects.toMatchObject({
      code: expect.stringMatching(/refused|contention/),
    });
  });

  test('of two links used at once, one counts', async () => {
    const [ana, mei] = [
      await house.engine.people.inviteFirst('user:ana'),
      await house.engine.people.inviteFirst('user:mei'),
    ];
    const outcomes = await Promise.allSettled([
      redeem('user:ana', ana.secret.reveal()),
      redeem('user:mei', mei.secret.reveal()),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('stays the only one: when their last passkey is lost, nobody is first again', async () => {
    const { session, passkey } = await firstAdministrator(house);
    await house.engine.people.reportLoss(session, passkey.id);
    await expect(house.engine.people.inviteFirst('user:ana')).rejects.toMatchObject({ code: 'refused' });
  });

  test.each([
    ['user:rui', 'refused'],
    ['user:nobody', 'unknown'],
  ])('is one by their role: not %s', async (person, code) => {
    await expect(house.engine.people.inviteFirst(person)).rejects.toMatchObject({ code });
  });
});

describe('an invitation', () => {
  test('by an administrator with their passkey is a leaf, and adds one passkey', async () => {
    const administrator = await firstAdministrator(house);
    const { secret, person } = await invite(administrator, 'user:rui');
    expect(person).toBe('user:rui');
    const passkey = await redeem('user:rui', secret.reveal());
    expect((await records()).slice(-2)).toMatchObject([
      { event: 'invited', person: 'user:rui', by: 'user:ana', grounds: 'passkey' },
      {
        event: 'authenticator-added',
        person: 'user:rui',
        grounds: 'invitation',
        authenticator: { id: passkey.id },
      },
    ]);
  });

  test('F13 opened twice at once, one counts: of 64', async () => {
    const { secret } = await invite(await firstAdministrator(house), 'user:rui');
    const tries = Array.from({ length: 64 }, async () => redeem('user:rui', secret.reveal()));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await house.engine.people.authenticators('user:rui')).toHaveLength(1);
  });

  test('F13 opened again later, it is nothing', async () => {
    const { secret } = await invite(await firstAdministrator(house), 'user:rui');
    await redeem('user:rui', secret.reveal());
    await expect(redeem('user:rui', secret.reveal())).rejects.toMatchObject({ code: 'refused' });
  });

  test('is for its person: whoever else finds the link has nothing', async () => {
    const { secret } = await invite(await firstAdministrator(house), 'user:rui');
    await expect(redeem('user:mei', secret.reveal())).rejects.toMatchObject({ code: 'refused' });
    await redeem('user:rui', secret.reveal());
  });

  test.each([
    [86_399, true],
    [86_400, false],
  ])('is open for a day: after %d s', async (seconds, open) => {
    const { secret } = await invite(await firstAdministrator(house), 'user:rui');
    house.clock.advance(seconds);
    const redeemed = await redeem('user:rui', secret.reveal()).then(
      () => true,
      () => false,
    );
    expect(redeemed).toBe(open);
  });

  test('F19 no secret but its own opens it, and the store does not hold that one', async () => {
    const { secret } = await invite(await firstAdministrator(house), 'user:rui');
    const text = secret.reveal();
    const rows = await house.house.store.read.rows('invitations', { limit: 10 });
    expect(JSON.stringify(rows)).not.toContain(text);
    const last = text.endsWith('A') ? 'B' : 'A';
    for (const wrong of [`${text.slice(0, -1)}${last}`, rows[0]?.id ?? '', text.slice(0, 42), `${text}A`])
      await expect(redeem('user:rui', wrong)).rejects.toMatchObject({ code: 'refused' });
    await redeem('user:rui', text);
  });

  test('E3 is what was written: a row changed by hand opens nothing', async () => {
    const { secret } = await invite(await firstAdministrator(house), 'user:rui');
    const [row] = (await house.house.store.read.rows('invitations', { limit: 10 })).filter(
      ({ person }) => person === 'user:rui',
    );
    if (row === undefined) throw new Error('no row');
    const { entry: _entry, ...columns } = row;
    const forged = { ...columns, person: 'user:mei' };
    await house.house.store.commit({
      expect: [],
      consume: [],
      append: null,
      write: [{ kind: 'row', table: 'invitations', row: forged }],
    });
    await expect(redeem('user:mei', secret.reveal())).rejects.toMatchObject({ code: 'verification-failed' });
  });

  test('is made by administrators alone, and nobody else learns who is there', async () => {
    const administrator = await firstAdministrator(house);
    const { secret } = await invite(administrator, 'user:rui');
    const passkey = await redeem('user:rui', secret.reveal());
    const { session } = await signedIn(house, 'user:rui');
    const said = { code: 'refused', message: 'only an administrator invites people' };
    for (const person of ['user:tom', 'user:nobody'])
      await expect(invite({ session, passkey }, person)).rejects.toMatchObject(said);
  });

  test('needs their passkey over exactly this person', async () => {
    const administrator = await firstAdministrator(house);
    const wrong = { code: 'verification-failed' };
    await expect(invite(administrator, 'user:rui', { person: 'user:tom' })).rejects.toMatchObject(wrong);
    await expect(invite(administrator, 'user:rui', { event: 'authenticator-added' })).rejects.toMatchObject(
      wrong,
    );
    const stranger = { ...administrator, passkey: passkeyOf() };
    await expect(invite(stranger, 'user:rui')).rejects.toMatchObject({ code: 'refused' });
  });

  test('ends with the role: who is administrator no more invites nobody', async () => {
    const administrator = await firstAdministrator(house);
    await house.adopt([
      'roles.yaml',
      'role: administrator, groups: [group:platform-security]',
      'role: administrator, groups: [group:device-trust]',
    ]);
    await expect(invite(administrator, 'user:rui')).rejects.toMatchObject({ code: 'refused' });
  });
});
