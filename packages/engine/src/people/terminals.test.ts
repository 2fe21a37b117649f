import type { Session } from '@writ/core';
import { type EngineHouse, openEngineHouse, signedIn } from '@writ/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let house: EngineHouse;
beforeEach(async () => {
  house = await openEngineHouse();
});
afterEach(async () => house.close());

describe('the sign-in of a terminal (RFC 8628)', () => {
  test('keeps nothing of whoever begins one and shows nothing of themselves', async () => {
    for (let i = 0; i < 100; i++) await house.engine.people.startTerminal();
    expect(await house.house.store.read.rows('device_codes', { limit: 10 })).toEqual([]);
  });

  test('E3 is what was written: a row changed by hand lets nobody in', async () => {
    const { people } = house.engine;
    const { session } = await signedIn(house, 'user:ida');
    const { deviceCode, userCode } = await people.startTerminal();
    await people.confirmTerminal(session, userCode);
    const { session: anas } = await signedIn(house, 'user:ana');
    const [row] = await house.house.store.read.rows('device_codes', { limit: 1 });
    if (row === undefined) throw new Error('no row');
    const { entry: _entry, ...columns } = row;
    const forged = { ...columns, body: columns.body.replace(session.id, anas.id) };
    await house.house.store.commit({
      expect: [],
      consume: [],
      append: null,
      write: [{ kind: 'row', table: 'device_codes', row: forged }],
    });
    await expect(people.pollTerminal(deviceCode.reveal())).rejects.toMatchObject({
      code: 'verification-failed',
    });
  });

  test('gives it a session of the person who let it in, once', async () => {
    const { people } = house.engine;
    const { deviceCode, userCode } = await people.startTerminal();
    expect(userCode).toMatch(/^[B-Z]{4}-[B-Z]{4}-[B-Z]{4}$/);
    expect(await people.pollTerminal(deviceCode.reveal())).toEqual({ state: 'waiting' });
    const { session } = await signedIn(house, 'user:ana');
    await people.confirmTerminal(session, ` ${userCode.toLowerCase()} `);
    const polled = await people.pollTerminal(deviceCode.reveal());
    if (polled.state !== 'signed-in') throw new Error(polled.state);
    const terminal = await people.session(polled.signedIn.secret.reveal());
    expect(terminal).toMatchObject({ person: 'user:ana', signedInAt: session.signedInAt });
    expect(terminal?.id).not.toBe(session.id);
    expect(terminal?.evidence.signIn).toBe(terminal?.id);
    expect(await people.pollTerminal(deviceCode.reveal())).toEqual({ state: 'gone' });
  });

  test('prolongs nothing: it ends with the session that let it in', async () => {
    const { people } = house.engine;
    const { session } = await signedIn(house, 'user:ana');
    house.clock.advance(3_000);
    const { deviceCode, userCode } = await people.startTerminal();
    await people.confirmTerminal(session, userCode);
    const polled = await people.pollTerminal(deviceCode.reveal());
    expect(polled).toMatchObject({
      state: 'signed-in',
      signedIn: { session: { expiresAt: session.expiresAt } },
    });
  });

  test('ends with it also when that is signed out, and so does one that it let in itself', async () => {
    const { people } = house.engine;
    const { session } = await signedIn(house, 'user:ana');
    const letIn = async (by: Session) => {
      const { deviceCode, userCode } = await people.startTerminal();
      await people.confirmTerminal(by, userCode);
      const polled = await people.pollTerminal(deviceCode.reveal());
      if (polled.state !== 'signed-in') throw new Error(polled.state);
      return polled.signedIn;
    };
    const first = await letIn(session);
    const second = await letIn(first.session);
    await people.signOut(first.session);
    expect(await people.session(first.secret.reveal())).toBeNull();
    expect(await people.session(second.secret.reveal())).toEqual(second.session);
    await people.signOut(session);
    expect(await people.session(second.secret.reveal())).toBeNull();
  });

  test('F13 polled 64 times at once, it is handed out once', async () => {
    const { people } = house.engine;
    const { session } = await signedIn(house, 'user:ana');
    const { deviceCode, userCode } = await people.startTerminal();
    await people.confirmTerminal(session, userCode);
    const polls = await Promise.all(
      Array.from({ length: 64 }, async () => people.pollTerminal(deviceCode.reveal())),
    );
    expect(polls.filter(({ state }) => state === 'signed-in')).toHaveLength(1);
  });

  test('is confirmed by one person, of two at once', async () => {
    const { people } = house.engine;
    const [ana, rui] = [await signedIn(house, 'user:ana'), await signedIn(house, 'user:rui')];
    const { userCode } = await people.startTerminal();
    const outcomes = await Promise.allSettled([
      people.confirmTerminal(ana.session, userCode),
      people.confirmTerminal(rui.session, userCode),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test.each([
    ['a code with a slip', 'BCDF-BCDF-BCDF'],
    ['a code of another length', 'BCDF-BCDF'],
    ['nothing', ''],
    ['a pattern', '%'],
  ])('%s confirms nothing', async (_, code) => {
    const { session } = await signedIn(house, 'user:ana');
    await house.engine.people.startTerminal();
    await expect(house.engine.people.confirmTerminal(session, code)).rejects.toMatchObject({
      code: 'unknown',
    });
  });

  test('waits five minutes', async () => {
    const { people } = house.engine;
    const { session } = await signedIn(house, 'user:ana');
    const { deviceCode, userCode } = await people.startTerminal();
    await people.confirmTerminal(session, userCode);
    house.clock.advance(300);
    expect(await people.pollTerminal(deviceCode.reveal())).toEqual({ state: 'gone' });
  });

  test('whoever signs out before the terminal asks has let nobody in', async () => {
    const { people } = house.engine;
    const { session } = await signedIn(house, 'user:ana');
    const { deviceCode, userCode } = await people.startTerminal();
    await people.confirmTerminal(session, userCode);
    await people.signOut(session);
    expect(await people.pollTerminal(deviceCode.reveal())).toEqual({ state: 'gone' });
  });

  test('is polled with its device code, and with nothing that the person or the store sees', async () => {
    const { people } = house.engine;
    const { session } = await signedIn(house, 'user:ana');
    const { deviceCode, userCode } = await people.startTerminal();
    await people.confirmTerminal(session, userCode);
    const [row] = await house.house.store.read.rows('device_codes', { limit: 1 });
    expect(row).toBeDefined();
    expect(JSON.stringify(row)).not.toContain(deviceCode.reveal());
    for (const wrong of [userCode, row?.id ?? '', '', deviceCode.reveal().slice(1)])
      expect(await people.pollTerminal(wrong)).toEqual({ state: 'gone' });
  });
});
