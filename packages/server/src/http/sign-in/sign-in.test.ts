import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browser, type PeopleWorld, startPeopleWorld } from '@writ/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

let world: PeopleWorld;
beforeAll(async () => {
  world = await startPeopleWorld();
});
afterAll(async () => world[Symbol.asyncDispose]());
afterEach(() => {
  world.workforce.behaveAtSignIn('honest');
  world.workforce.behave('honest');
});

const cookieOf = (browser: Browser): string => browser.cookies.get('writ')?.value ?? '';
const statusOfMe = async (browser: Browser): Promise<number> => (await browser.ask('/api/v1/me')).status;

/** Goes as far as the identity provider sends the browser back, and answers where to. */
async function upToCallback(browser: Browser): Promise<string> {
  world.workforce.atTheBrowser({ sub: 'ana-7f3c', acr: 'phishing-resistant' });
  const there = (await browser.open('/sign-in', true)).headers.get('location') ?? '';
  return (await browser.open(there, true)).headers.get('location') ?? '';
}

describe('signing in', () => {
  test('leads through the identity provider, with PKCE, state and nonce, to a page that leads on', async () => {
    const browser = world.browser();
    const page = await world.signIn(browser, 'user:ana', {}, '/approve/run_1');
    expect(page.status).toBe(200);
    expect(page.headers.get('refresh')).toBe('0; url=/approve/run_1');
    const sent = new URL(page.through.find((url) => url.includes('/authorize')) ?? '');
    expect(Object.fromEntries(sent.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'https://writ.acme.example',
      redirect_uri: `${world.url}/sign-in/callback`,
      scope: 'openid',
      code_challenge_method: 'S256',
    });
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(sent.searchParams.get(name)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect((await browser.ask('/api/v1/me')).body).toMatchObject({ person: 'user:ana', sample: false });
  });

  test('gives a strict cookie of the whole site, and takes the one of the sign-in away', async () => {
    const browser = await world.signedIn('user:ana');
    const [begun, ended, session] = browser.given;
    expect(begun).toMatch(/^writ-login=v1\.[A-Za-z0-9_-]+; Path=\/sign-in; HttpOnly; SameSite=Lax$/);
    expect(ended).toBe('writ-login=; Max-Age=0; Path=/sign-in; HttpOnly; SameSite=Lax');
    expect(session).toMatch(
      /^writ=[A-Za-z0-9_-]{43}; Max-Age=(?:3600|3599); Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect([...browser.cookies.keys()]).toEqual(['writ']);
  });

  test('O1 no page, address or event carries the secret of the session, or the token', async () => {
    const browser = world.browser();
    const page = await world.signIn(browser, 'user:ana');
    const seen = JSON.stringify([page.text, page.url, page.through, world.events]);
    expect(seen).not.toContain(cookieOf(browser));
    expect(seen).not.toContain('eyJ');
  });

  test('session fixation: what somebody planted before is signed in by nothing', async () => {
    const browser = world.browser();
    const planted = 'A'.repeat(43);
    browser.setCookie('writ', planted);
    await world.signIn(browser, 'user:ana');
    expect(cookieOf(browser)).not.toBe(planted);
    const attacker = world.browser();
    attacker.setCookie('writ', planted);
    expect(await statusOfMe(attacker)).toBe(401);
  });

  test('every sign-in has a session of its own', async () => {
    const [first, second] = [await world.signedIn('user:ana'), await world.signedIn('user:ana')];
    expect(cookieOf(first)).not.toBe(cookieOf(second));
  });
});

describe('the way back from the identity provider', () => {
  test('is gone once: a callback brought again is no sign-in', async () => {
    const browser = world.browser();
    const callback = await upToCallback(browser);
    const login = browser.cookies.get('writ-login')?.value ?? '';
    expect((await browser.open(callback)).status).toBe(200);
    const again = world.browser();
    again.setCookie('writ-login', login, '/sign-in');
    const page = await again.open(callback);
    expect([page.status, page.text.includes('Sign in again')]).toEqual([400, true]);
    expect(cookieOf(again)).toBe('');
  });

  test('is gone once: of 16 at the same time', async () => {
    const browser = world.browser();
    const callback = await upToCallback(browser);
    const login = browser.cookies.get('writ-login')?.value ?? '';
    const tries = Array.from({ length: 16 }, async () => {
      const other = world.browser();
      other.setCookie('writ-login', login, '/sign-in');
      return other.open(callback);
    });
    const pages = await Promise.all(tries);
    expect(pages.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test.each<[string, (browser: Browser) => void]>([
    [
      'without the cookie',
      (browser) => browser.cookies.has('writ-login') && browser.setCookie('writ-login', '', '/sign-in'),
    ],
    ['with one that was changed', (browser) => changeLogin(browser, (value) => `${value.slice(0, -2)}AA`)],
    ['with one of nothing', (browser) => changeLogin(browser, () => 'v1.AAAA')],
  ])('%s is no sign-in: it was begun elsewhere', async (_, change) => {
    const browser = world.browser();
    const callback = await upToCallback(browser);
    change(browser);
    expect((await browser.open(callback)).status).toBe(400);
    expect(cookieOf(browser)).toBe('');
  });

  test('login CSRF: an answer to one browser does not sign another one in', async () => {
    const [attacker, victim] = [world.browser(), world.browser()];
    const callback = await upToCallback(attacker);
    await upToCallback(victim);
    const page = await victim.open(callback);
    expect(page.status).toBe(403);
    expect(cookieOf(victim)).toBe('');
  });

  test.each(['other-state', 'other-nonce', 'no-nonce', 'no-id-token'] as const)(
    'with %s it is refused, and says only a reference',
    async (behaviour) => {
      world.workforce.behaveAtSignIn(behaviour);
      const browser = world.browser();
      const page = await world.signIn(browser, 'user:ana');
      expect(page.status).toBe(403);
      expect(page.text).toMatch(/reference ref_[0-9a-f]{20}/);
      expect(cookieOf(browser)).toBe('');
    },
  );

  test('where the person cancelled it is refused', async () => {
    world.workforce.atTheBrowser(null);
    const page = await world.browser().open('/sign-in');
    expect(page.status).toBe(403);
  });

  test('where the identity provider fails it says so, and to try again', async () => {
    const browser = world.browser();
    const callback = await upToCallback(browser);
    world.workforce.behave('error');
    expect((await browser.open(callback)).status).toBe(503);
  });
});

describe('E1 whoever is not let in', () => {
  const NOW = (): number => Math.floor(Date.now() / 1000);

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['is linked to nobody', { sub: 'mallory' }],
    ['has another case', { sub: 'ANA-7F3C' }],
    ['has a subject that goes on', { sub: 'ana-7f3c#x' }],
    ['comes with a claim that is no value of its type', { acr: 'none' }],
    ['comes without a claim that is required', { acr: undefined }],
    ['brings a token for several audiences', { aud: ['https://writ.acme.example', 'https://evil.example'] }],
    ['brings a token without `jti`', { jti: undefined }],
    ['brings a token that lives for days', { exp: NOW() + 200_000 }],
  ])('who %s sees one page and a reference, and nothing else', async (_, claims) => {
    const browser = world.browser();
    const page = await world.signIn(browser, 'user:ana', claims);
    expect(page.status).toBe(403);
    expect(page.text.replace(/ref_[0-9a-f]{20}/, 'REF')).toContain(
      'You could not be signed in. Whoever runs this server can explain the reference REF.',
    );
    expect(cookieOf(browser)).toBe('');
  });

  test('and operators find out why', async () => {
    const page = await world.signIn(world.browser(), 'user:ana', { sub: 'mallory' });
    const [reference = ''] = /ref_[0-9a-f]{20}/.exec(page.text) ?? [];
    const explained = await world.running.house.engine.explain(reference);
    expect(JSON.stringify(explained)).toContain('#mallory');
  });
});

describe('a session', () => {
  test('ends with the sign-out, for its secret too, and for nobody else', async () => {
    const [browser, other] = [await world.signedIn('user:ana'), await world.signedIn('user:ana')];
    const secret = cookieOf(browser);
    expect((await browser.ask('/sign-out', {})).status).toBe(200);
    expect(browser.given.at(-1)).toBe('writ=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict');
    browser.setCookie('writ', secret);
    expect(await statusOfMe(browser)).toBe(401);
    expect(await statusOfMe(other)).toBe(200);
  });

  test('F8 nobody has that of somebody else, whatever they send as their own', async () => {
    const secret = cookieOf(await world.signedIn('user:ana'));
    const id = (await world.running.house.engine.people.session(secret))?.id ?? '';
    for (const wrong of [
      id,
      secret.slice(0, -1),
      `${secret}A`,
      '',
      '"',
      secret.split('').toReversed().join(''),
    ]) {
      const browser = world.browser();
      browser.setCookie('writ', wrong);
      expect(await statusOfMe(browser)).toBe(401);
    }
  });

  test('is not signed in by a cookie where an Authorization header says otherwise', async () => {
    const browser = await world.signedIn('user:ana');
    for (const authorization of [
      'Bearer x',
      `Basic ${cookieOf(browser)}`,
      'Bearer',
      `DPoP ${cookieOf(browser)}`,
    ])
      expect((await browser.ask('/api/v1/me', undefined, { headers: { authorization } })).status).toBe(401);
  });

  test('two cookies of its name are none', async () => {
    const browser = await world.signedIn('user:ana');
    const cookie = `writ=${cookieOf(browser)}; writ=${cookieOf(browser)}`;
    expect((await browser.ask('/api/v1/me', undefined, { headers: { cookie } })).status).toBe(401);
  });

  test('ends when its person is taken out of people.yaml', async () => {
    const browser = await world.signedIn('user:ida');
    expect(await statusOfMe(browser)).toBe(200);
    const path = join(world.directory, 'people.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('#ida-c0de', '#ida-left'));
    for (let i = 0; i < 100 && (await statusOfMe(browser)) === 200; i++) await wait(100);
    expect(await statusOfMe(browser)).toBe(401);
    expect((await world.signIn(world.browser(), 'user:ida')).status).toBe(403);
  });
});

function changeLogin(browser: Browser, change: (value: string) => string): void {
  const login = browser.cookies.get('writ-login');
  if (login === undefined) throw new Error('no sign-in was begun');
  browser.setCookie('writ-login', change(login.value), login.path);
}
