import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type PeopleWorld, type PersonId, SUBJECTS } from '@writ/testkit';
import axe from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type CDPSession,
  chromium,
  type Page,
} from 'playwright-core';

/** Somebody at a browser: cookies of their own, one tab, and a device that holds passkeys. */
export interface Seat extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly device: Device;
  /** what the console said of the pages, answers that were refused left out */
  readonly complaints: readonly string[];
  /** Another device, at hand beside the one that the seat has. */
  addDevice(): Promise<Device>;
  /** Opens a path of the world. */
  open(path: string): Promise<void>;
  /** Signs in at the identity provider, as somebody would: by the link of the page. */
  signIn(person: PersonId): Promise<void>;
  /** What axe finds wrong with the page as it is: rule and place. */
  faults(): Promise<readonly string[]>;
}

/** An authenticator that verifies its user. */
export interface Device {
  /** Whether somebody touches it when it asks. */
  atHand(there: boolean): Promise<void>;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser of this machine. Null where there is none, after one line that says so: the caller skips its tests. */
export async function openChromium(announce: boolean): Promise<Browser | null> {
  const executablePath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
  if (executablePath === undefined) {
    if (announce) console.log('ABSENT: chromium (none in PATH); the tests of pages are skipped');
    return null;
  }
  // As root it has no sandbox of its own; it meets no page but those of these tests.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

export async function openSeat(
  browser: Browser,
  world: PeopleWorld,
  options: BrowserContextOptions = {},
): Promise<Seat> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Asia/Tokyo',
    baseURL: world.url,
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    const refused = message.text().startsWith('Failed to load resource: the server responded');
    if (['error', 'warning'].includes(message.type()) && !refused) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  return {
    page,
    context,
    complaints,
    device: await newDevice(devtools, 'internal'),
    addDevice: async () => newDevice(devtools, 'usb'),
    open: async (path) => {
      await page.goto(path, { waitUntil: 'load' });
    },
    signIn: async (person) => {
      world.workforce.atTheBrowser({ sub: SUBJECTS[person], acr: 'phishing-resistant' });
      await page.getByRole('link', { name: 'Sign in with your organisation' }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
    },
    faults: async () => {
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<Found>('axe.run()');
      return violations.map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes.map(({ target }) => target))}`);
    },
    [Symbol.asyncDispose]: async () => context.close(),
  };
}

interface Found {
  readonly violations: readonly { id: string; nodes: readonly { target: unknown }[] }[];
}

async function newDevice(devtools: CDPSession, transport: 'internal' | 'usb'): Promise<Device> {
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    atHand: async (enabled) => {
      await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
  };
}
