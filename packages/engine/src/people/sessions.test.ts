import { canonicalJson, utf8 } from '@writ/core';
import { evidenceKey } from '@writ/flow';
import { type EngineHouse, openEngineHouse, paperToken, signedIn, signInEvidence } from '@writ/testkit';
import { NOON, sha256 } from '@writ/testkit/facts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const HOUR = 3_600_000;
const ISSUER = 'https://login.acme.example';

let house: EngineHouse;
beforeEach(async () => {
  house = await openEngineHouse();
});
afterEach(async () => house.close());

/** An ID token on paper. */
function idToken(claims: Readonly<Record<string, string>>, jti = 'token'): string {
  const iat = Math.floor(house.clock.now() / 1000);
  return paperToken({
    iss: ISSUER,
    jti,
    iat,
    exp: iat + 300,
    claims: { acr: 'phishing-resistant', ...claims },
  });
}

describe('a sign-in', () => {
  test('opens a session of an hour for the person whom its evidence is about', async () => {
    const { secret, session } = await signedIn(house, 'user:ana');
    expect(session).toMatchObject({ person: 'user:ana', signedInAt: NOON, expiresAt: NOON + HOUR });
    expect(await house.engine.people.session(secret.reveal())).toEqual(session);
  });

  test('gives evidence that stands for the person until the session ends, and names it', async () => {
    const { session } = await signedIn(house, 'user:ana');
    expect(session.evidence).toMatchObject({
      anchor: 'oidc/workforce',
      signIn: session.id,
      expiresAt: session.expiresAt,
      claims: { subject: 'ana-7f3c' },
    });
  });

  test('a session is known by the SHA-256 of its secret, which nothing stored holds', async () => {
    const { secret, session } = await signedIn(house, 'user:ana');
    expect(secret.reveal()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(session.id).toBe(Buffer.from(sha256(utf8(secret.reveal()))).toString('hex'));
    const row = await house.house.store.read.row('sessions', session.id);
    expect(JSON.stringify(row)).not.toContain(secret.reveal());
    expect(`${String(secret)} ${JSON.stringify(secret)}`).not.toContain(secret.reveal());
  });

  test('leaves no leaf', async () => {
    const before = await house.house.store.read.tree();
    await signedIn(house, 'user:ana');
    expect((await house.house.store.read.tree()).size).toBe(before.size);
  });

  test('G13 spends its token: it signs in once, of 64 at the same time', async () => {
    const evidence = signInEvidence(house, 'user:ana');
    const tries = Array.from({ length: 64 }, async () => house.engine.people.signIn(evidence));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(house.engine.people.signIn(evidence)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('P11 spends its token by the name that an issuance spends it by, so that it serves for one of them', async () => {
    const until = house.clock.now() + HOUR;
    const spend = async (jti: string): Promise<boolean> =>
      house.engine.spend({ key: evidenceKey(ISSUER, jti), holder: null, until });
    const token = idToken({ subject: 'ana-7f3c' }, 'one');
    expect(await house.engine.people.signInWith(token, 'oidc/workforce')).toHaveProperty('session');
    expect(await spend('one')).toBe(false);
    expect(await spend('two')).toBe(true);
    const spent = idToken({ subject: 'ana-7f3c' }, 'two');
    expect(await house.engine.people.signInWith(spent, 'oidc/workforce')).toHaveProperty('reference');
  });

  test('E1 of a subject that nobody has opens nothing: a reference, which says why to operators alone', async () => {
    const result = await house.engine.people.signInWith(idToken({ subject: 'mallory' }), 'oidc/workforce');
    if (!('reference' in result)) throw new Error('signed in');
    const explained = await house.engine.explain(result.reference);
    expect(JSON.stringify(explained)).toContain(`${ISSUER}#mallory`);
    expect(Object.keys(result)).toEqual(['reference']);
  });

  test('E1 a token that is not believed, and one that has signed in, are answered alike', async () => {
    const { people } = house.engine;
    const old = paperToken({ iss: ISSUER, jti: 'old', iat: 0, exp: 1, claims: { subject: 'ana-7f3c' } });
    const token = idToken({ subject: 'ana-7f3c' });
    expect(await people.signInWith(token, 'oidc/workforce')).toHaveProperty('session');
    for (const bad of [old, token, 'nonsense'])
      expect(await people.signInWith(bad, 'oidc/workforce')).toEqual({
        reference: expect.stringMatching(/^ref_/),
      });
  });

  test('an anchor that is not there signs nobody in', async () => {
    const trying = house.engine.people.signInWith(idToken({ subject: 'ana-7f3c' }), 'oidc/nowhere');
    await expect(trying).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('a session', () => {
  test.each([
    ['a second before its end', 3_599, true],
    ['at its end', 3_600, false],
    ['a day later', 86_400, false],
  ])('lasts an hour: %s', async (_, after, live) => {
    const { secret } = await signedIn(house, 'user:ana');
    house.clock.advance(after);
    expect((await house.engine.people.session(secret.reveal())) !== null).toBe(live);
  });

  test('ends when its person signs out, and no other does', async () => {
    const [first, second] = [await signedIn(house, 'user:ana'), await signedIn(house, 'user:ana')];
    await house.engine.people.signOut(first.session);
    expect(await house.engine.people.session(first.secret.reveal())).toBeNull();
    expect(await house.engine.people.session(second.secret.reveal())).toEqual(second.session);
  });

  test('F8 is not found by its id, by its row or by anything but the secret', async () => {
    const { secret, session } = await signedIn(house, 'user:ana');
    const text = secret.reveal();
    for (const wrong of [
      session.id,
      '',
      text.slice(1),
      `${text}=`,
      `${text.slice(0, -1)}!`,
      text.toLowerCase(),
    ])
      expect(await house.engine.people.session(wrong)).toBeNull();
  });

  test('ends with its person: whoever is taken out of people.yaml is signed in no more', async () => {
    const { secret, session } = await signedIn(house, 'user:ida');
    await house.adopt(['people.yaml', `${ISSUER}#ida-c0de`, `${ISSUER}#ida-left`]);
    expect(await house.engine.people.session(secret.reveal())).toBeNull();
    expect(await house.engine.people.person(session)).toBeNull();
    expect(await house.engine.people.profile(session)).toBeNull();
  });

  test('is of a person, not of a subject: whom the subject is given to is somebody else', async () => {
    const { secret } = await signedIn(house, 'user:ida');
    await house.adopt(
      ['people.yaml', 'https://login.acme.example#ida-c0de', 'https://login.acme.example#ida-gone'],
      ['people.yaml', 'https://login.acme.example#tom-55e1', 'https://login.acme.example#ida-c0de'],
    );
    expect(await house.engine.people.session(secret.reveal())).toBeNull();
  });

  test('E3 is what was written: a row that the database was made to hold opens nothing', async () => {
    const { secret, session } = await signedIn(house, 'user:ida');
    const { store } = house.house;
    const row = await store.read.row('sessions', session.id);
    if (row === null) throw new Error('no row');
    const { entry: _entry, ...columns } = row;
    for (const forged of [
      { ...columns, person: 'user:ana' },
      { ...columns, expires_at: columns.expires_at + HOUR },
      { ...columns, signed_in_at: columns.signed_in_at + 1 },
      { ...columns, body: columns.body.replace('ida-c0de', 'ana-7f3c') },
      { ...columns, body: canonicalJson({ body: {} }) },
    ]) {
      await store.commit({
        expect: [],
        consume: [],
        append: null,
        write: [{ kind: 'row', table: 'sessions', row: forged }],
      });
      await expect(house.engine.people.session(secret.reveal())).rejects.toMatchObject({
        code: 'verification-failed',
      });
    }
  });
});

describe('groups and roles of a sign-in', () => {
  const CLAIM = 'claim: { anchor: oidc/workforce, name: acr, value: phishing-resistant, max-age: 10m } }';

  test('a group of members is theirs, and what a role gives to the group', async () => {
    const { session } = await signedIn(house, 'user:ana');
    expect(await house.engine.people.profile(session)).toEqual({
      person: 'user:ana',
      name: 'Ana (sample)',
      groups: expect.arrayContaining(['group:platform-security']),
      roles: ['operator', 'administrator'],
    });
  });

  test('a group by claim is theirs for its max-age', async () => {
    await house.adopt(['groups.yaml', 'members: [user:tom, user:ida] }', CLAIM]);
    const { session } = await signedIn(house, 'user:rui');
    expect((await house.engine.people.person(session))?.groups).toContain('group:device-trust');
    house.clock.advance(600);
    expect((await house.engine.people.person(session))?.groups).not.toContain('group:device-trust');
  });

  test.each([
    ['another value', { acr: 'multi-factor' }],
    ['no claim', {}],
  ])('and not theirs with %s', async (_, claims) => {
    await house.adopt(['groups.yaml', 'members: [user:tom, user:ida] }', CLAIM]);
    const evidence = signInEvidence(house, 'user:rui', { claims: { subject: 'rui-01ab', ...claims } });
    const opened = await house.engine.people.signIn(evidence);
    const person = opened && (await house.engine.people.person(opened.session));
    expect(person?.groups).not.toContain('group:device-trust');
  });
});
