import { gzipSync } from 'node:zlib';
import type { Browser } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Seat } from './chromium.ts';
import { openFromElsewhere } from './elsewhere.ts';
import { openRoom, type Room } from './room.ts';
import { said } from './said.ts';
import { serviceAccount } from './service-account.ts';

const opened = await openRoom();
afterAll(async () => opened?.[Symbol.asyncDispose]());

function room(): Room {
  if (opened === null) throw new Error('skipped');
  return opened;
}

let rui: Browser;
let run = '';
let mei: Seat;
beforeAll(async () => {
  if (opened === null) return;
  const { world } = room();
  rui = await world.signedIn('user:rui');
  const asked = serviceAccount('svc-reporting', { environment: 'production' });
  const { body, text } = await rui.ask('/api/v1/runs', asked);
  if (typeof body['run'] !== 'string') throw new Error(text);
  run = body['run'];
  // Mei owns by a group, and administrates: she has every page.
  mei = await room().seat();
  await mei.open('/');
  await mei.signIn('user:mei');
});

const PAGES = ['/', '/runs', '/approve/RUN', '/passkeys', '/device', '/people', '/enrol', '/approve/unknown'];
const path = (page: string): string => page.replace('RUN', run);

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

describe.skipIf(opened === null)('every page', () => {
  test.each(PAGES)('%s has nothing that axe finds, wide and light, narrow and dark', async (name) => {
    await mei.open(path(name));
    expect(await mei.faults()).toEqual([]);
    await mei.page.emulateMedia({ colorScheme: 'dark' });
    await mei.page.setViewportSize({ width: 320, height: 640 });
    expect(await mei.faults()).toEqual([]);
    const wide = await mei.page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(wide).toBe(0);
    await mei.page.emulateMedia({ colorScheme: 'light' });
    await mei.page.setViewportSize({ width: 1280, height: 720 });
  });

  test.each(PAGES)('%s is one document: language, title, one heading, its landmarks', async (name) => {
    await mei.open(path(name));
    const { page } = mei;
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    const [heading] = await page.getByRole('heading', { level: 1 }).allTextContents();
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    expect(await page.title()).toBe(`${heading} · Writ`);
    for (const landmark of ['banner', 'main', 'contentinfo'] as const)
      expect(await page.getByRole(landmark).count()).toBe(1);
  });

  test.each(PAGES)('%s is nobody else’s to frame, keep, sniff or run script in', async (name) => {
    const response = await mei.context.request.get(path(name));
    expect(response.headers()).toMatchObject({
      'content-security-policy': CSP,
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(await response.text()).not.toMatch(
      /<style| style=|<script(?! type="module" src="\/assets\/)| on[a-z]+=/i,
    );
  });

  test.each([
    ['/', 'writ inbox'],
    ['/runs', 'writ run list'],
    ['/approve/RUN', 'writ run show RUN'],
    ['/passkeys', 'writ whoami'],
    ['/device', 'writ login'],
  ])('%s shows the command `%s`', async (name, command) => {
    await mei.open(path(name));
    expect(await mei.page.getByRole('contentinfo').getByRole('code').textContent()).toBe(path(command));
  });

  test('the first load is 200 kB at most, and small', async () => {
    const seat = await room().seat({ storageState: await mei.context.storageState() });
    const loaded: Promise<Buffer>[] = [];
    seat.page.on('response', (response) => loaded.push(response.body()));
    await seat.page.goto(path('/approve/RUN'), { waitUntil: 'networkidle' });
    const bytes = (await Promise.all(loaded)).reduce((sum, body) => sum + gzipSync(body).byteLength, 0);
    expect(loaded.length).toBeGreaterThan(8);
    expect(bytes).toBeGreaterThan(5_000);
    expect(bytes).toBeLessThan(40_000);
    await seat[Symbol.asyncDispose]();
  });
});

describe.skipIf(opened === null)('what pages load', () => {
  test('is kept for ever under a path that names its content, and is nowhere else', async () => {
    const html = await (await mei.context.request.get('/')).text();
    const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(assets.length).toBeGreaterThan(2);
    for (const asset of assets) {
      const first = await mei.context.request.get(asset);
      expect(first.status()).toBe(200);
      expect(first.headers()['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(first.headers()['x-content-type-options']).toBe('nosniff');
      const etag = first.headers()['etag'] ?? '';
      const again = await mei.context.request.get(asset, { headers: { 'if-none-match': etag } });
      expect(again.status()).toBe(304);
      const elsewhere = asset.replace(/[0-9a-f]{16}/, '0'.repeat(16));
      expect((await mei.context.request.get(elsewhere)).status()).toBe(404);
    }
    expect((await mei.context.request.get(`${assets[0]}/../tsconfig.json`)).status()).toBe(404);
  });
});

describe.skipIf(opened === null)('who is not signed in', () => {
  test('sees the sign-in at every page, and nothing of what is there', async () => {
    const seat = await room().seat();
    for (const name of PAGES.filter((each) => each !== '/enrol')) {
      const answer = await seat.page.goto(path(name));
      expect([name, answer?.status()]).toEqual([name, name === '/' ? 200 : 401]);
      expect(await seat.page.getByRole('heading', { level: 1 }).textContent()).toBe('Sign in');
      expect(await seat.page.content()).not.toContain('svc-reporting');
      expect(await seat.page.getByRole('navigation').count()).toBe(0);
    }
    await seat.page.getByRole('button', { name: 'Sign in as Mei' }).waitFor();
    expect(await seat.faults()).toEqual([]);
    await seat[Symbol.asyncDispose]();
  });

  test('comes back, signed in, to where they wanted to go', async () => {
    const seat = await room().seat();
    await seat.open(path('/approve/RUN'));
    await seat.signIn('user:mei');
    expect(seat.page.url()).toBe(room().world.url + path('/approve/RUN'));
    await seat.page.getByRole('button', { name: 'Sign out' }).click();
    await seat.page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
    await seat.open(path('/approve/RUN'));
    expect(await seat.page.getByRole('heading', { level: 1 }).textContent()).toBe('Sign in');
    await seat[Symbol.asyncDispose]();
  });

  test('is a sample person of `writ dev` by one button, labelled as one, and signs by the sample authenticator', async () => {
    const seat = await room().seat();
    await seat.open('/');
    await seat.page.getByRole('heading', { name: 'Sample people of writ dev' }).waitFor();
    await seat.page.getByRole('button', { name: 'Sign in as Mei (sample)' }).click();
    await seat.page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await seat.open(path('/approve/RUN'));
    await seat.page.getByRole('button', { name: 'Approve with the sample authenticator' }).click();
    await seat.page.getByText('You approved. It is recorded.').waitFor();
    expect((await rui.ask(`/api/v1/runs/${run}`)).body['approvals']).toMatchObject([
      { rule: 'owner-accepts', person: 'user:mei' },
    ]);
    await seat[Symbol.asyncDispose]();
  });
});

describe.skipIf(opened === null)('whoever is signed in', () => {
  test('follows a link on another site to a run, as if it stood on ours', async () => {
    await openFromElsewhere(mei, room().world.url + path('/approve/RUN'));
    await mei.page.waitForURL(room().world.url + path('/approve/RUN'));
    await mei.page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect(await mei.page.getByRole('heading', { level: 1 }).textContent()).toBe('Request for svc-reporting');
  });

  test('reads times in their own zone, and the instant in UTC', async () => {
    await mei.open(path('/approve/RUN'));
    const time = mei.page.locator('time').first();
    const [shown, title] = [await time.textContent(), await time.getAttribute('title')];
    expect(title).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const inTokyo = new Intl.DateTimeFormat('en-GB', {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: 'Asia/Tokyo',
    });
    expect(shown).toBe(inTokyo.format(new Date(String(title))));
    await mei.page.getByText('Times are in Asia/Tokyo').waitFor();
  });

  test('reads everything without script, and is told what needs it', async () => {
    const seat = await room().seat({
      javaScriptEnabled: false,
      storageState: await mei.context.storageState(),
    });
    await seat.open('/');
    expect(await seat.page.locator('noscript .note').isVisible()).toBe(true);
    await seat.open(path('/approve/RUN'));
    expect(await seat.page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
      'Where it stands',
      'Asked',
      'Proven',
      'Decision',
      'Changes',
      'Blast radius',
      'Controls',
      'Timeline',
      'What is approved, exactly',
    ]);
    expect(await seat.page.locator('time').first().textContent()).toMatch(/UTC$/);
    await seat[Symbol.asyncDispose]();
  });

  test('lets a terminal in by its code, which may be typed in any case; a wrong one is refused in words', async () => {
    const started = await room().world.browser().ask('/api/v1/device', {});
    const code = String(started.body['user_code']);
    await mei.open('/device');
    const field = mei.page.getByLabel('The code that your terminal shows');
    await field.fill('BBBB-BBBB');
    await field.press('Enter');
    expect(await said(mei.page)).toContain('No terminal waits with this code');
    await field.fill(code.toLowerCase().replace('-', ' '));
    await field.press('Enter');
    await mei.page.getByText('The terminal is let in').waitFor();
    const polled = await room()
      .world.browser()
      .ask('/api/v1/device/token', { device_code: started.body['device_code'] });
    expect(polled.body).toMatchObject({ state: 'signed-in', person: 'user:mei' });
  });

  test('has an empty inbox in words, and their requests a page at a time', async () => {
    const seat = await room().seat();
    await seat.open('/');
    await seat.signIn('user:rui');
    await seat.page.getByText('Nothing waits for you').waitFor();
    await seat.open('/runs');
    await seat.page.getByRole('link', { name: 'svc-reporting' }).waitFor();
    await seat.open('/runs?limit=1');
    await seat.page.getByRole('link', { name: 'Next page' }).click();
    await seat.page.getByText('There is no more').waitFor();
    expect((await seat.page.goto('/runs?limit=none'))?.status()).toBe(400);
    await seat.page.getByText('What helps').waitFor();
    await seat[Symbol.asyncDispose]();
  });

  test('sees the inbox with the reason of every row, the earliest deadline first', async () => {
    await rui.ask('/api/v1/runs', serviceAccount('svc-inbox'));
    await mei.open('/');
    const rows = await mei.page.getByRole('table').getByRole('row').allTextContents();
    expect(rows[0]).toBe('IdentityAsked of youByUntilWhy it is here');
    expect(rows[1]).toMatch(
      /^svc-inboxapprove \S+ of identity-issueuser:rui.*it asks group:[a-z-]+, and you are in it, since /,
    );
  });
});

describe.skipIf(opened === null)('afterwards', () => {
  test('no console has complained of a page', () => {
    expect(room().complaints()).toEqual([]);
  });
});
