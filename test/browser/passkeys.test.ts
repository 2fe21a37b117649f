import { afterAll, describe, expect, test } from 'vitest';
import type { Seat } from './chromium.ts';
import { openFromElsewhere } from './elsewhere.ts';
import { openRoom, type Room } from './room.ts';
import { said } from './said.ts';

const opened = await openRoom({ announce: true });
afterAll(async () => opened?.[Symbol.asyncDispose]());

function room(): Room {
  if (opened === null) throw new Error('skipped');
  return opened;
}

const labels = async ({ page }: Seat): Promise<readonly string[]> =>
  page.locator('.passkey h3').allTextContents();

async function add({ page }: Seat, label: string): Promise<string> {
  await page.getByLabel('What to call it, so').fill(label);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  return said(page);
}

describe.skipIf(opened === null)('passkeys', () => {
  test('the first is added by an invitation, signing in on the way; the ledger records who and why', async () => {
    const { world } = room();
    const ana = await room().enrolled('user:ana');
    expect(await labels(ana)).toEqual(['laptop']);
    expect(ana.page.url()).toBe(`${world.url}/passkeys`);
    const [passkey] = await world.running.house.engine.people.authenticators('user:ana');
    expect(passkey).toMatchObject({ label: 'laptop', rpId: 'localhost', origin: world.url, state: 'active' });
  });

  test('an invitation that somebody is sent works from another site, and its secret does not stay in the address', async () => {
    const link = await room().invitation('user:mei');
    const mei = await room().seat();
    await mei.open('/');
    await mei.signIn('user:mei');
    await openFromElsewhere(mei, link);
    await mei.page.getByText('Your invitation lets you add one passkey').waitFor();
    expect(mei.page.url()).toBe(`${room().world.url}/passkeys`);
    expect(await add(mei, 'telephone')).toContain('added');
    expect(await labels(mei)).toEqual(['telephone']);
  });

  test('an invitation is for one person, and good once', async () => {
    const link = await room().invitation('user:tom');
    const rui = await room().seat();
    await rui.open(link);
    await rui.signIn('user:rui');
    expect(await add(rui, 'mine')).toContain('This invitation is not open to you');
    expect(await labels(rui)).toEqual([]);
    const [tom, again] = [await room().seat(), await room().seat()];
    await tom.open(link);
    await tom.signIn('user:tom');
    expect(await add(tom, 'first')).toContain('added');
    await again.open(link);
    await again.signIn('user:tom');
    expect(await add(again, 'second')).toContain('This invitation is not open to you');
  });

  test('F8 only an administrator finds the page that makes invitations', async () => {
    const ida = await room().seat();
    await ida.open('/');
    await ida.signIn('user:ida');
    expect(await ida.page.getByRole('link', { name: 'People' }).count()).toBe(0);
    expect((await ida.page.goto('/people'))?.status()).toBe(404);
    expect(await ida.page.getByRole('heading', { level: 1 }).textContent()).toBe('Not found');
  });

  test('another is added, or replaces the first, when the first agrees; a lost one ends', async () => {
    const ana = await room().enrolled('user:ana');
    await ana.open('/passkeys');
    expect(await add(ana, 'the same device')).toContain('This device has a passkey of yours already');
    expect(await labels(ana)).toEqual(['laptop']);

    // Made on the other device, agreed to on the first.
    const other = await ana.addDevice();
    await ana.page.exposeFunction('takeUpTheFirst', async () => {
      await other.atHand(false);
      await ana.device.atHand(true);
    });
    await ana.page.addInitScript(`{
      const get = navigator.credentials.get.bind(navigator.credentials);
      navigator.credentials.get = async (options) => { await takeUpTheFirst(); return get(options); };
    }`);
    const takeUpTheOther = async (): Promise<void> => {
      await ana.device.atHand(false);
      await other.atHand(true);
    };
    await ana.open('/passkeys');
    await takeUpTheOther();
    expect(await add(ana, 'key ring')).toContain('added');
    expect(await labels(ana)).toEqual(['laptop', 'key ring']);

    const ring = ana.page.locator('.passkey', { hasText: 'key ring' });
    await ring.getByText('It is lost').press('Enter');
    await ring.getByRole('button', { name: 'as lost' }).press('Enter');
    expect(await said(ana.page)).toContain('has ended');
    expect(await labels(ana)).toEqual(['laptop']);

    const laptop = ana.page.locator('.passkey', { hasText: 'laptop' });
    await laptop.getByLabel('What to call the one that replaces it').fill('new key ring');
    await takeUpTheOther();
    await laptop.getByRole('button', { name: 'Replace' }).click();
    expect(await said(ana.page)).toContain('replaced');
    expect(await labels(ana)).toEqual(['new key ring']);
  });
});

describe.skipIf(opened === null)('afterwards', () => {
  test('no console has complained of a page', () => {
    expect(room().complaints()).toEqual([]);
  });
});
