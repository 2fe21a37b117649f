import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** A person's browser: one tab, an authenticator in it, and what was wrong with the pages it saw. */
export interface Seat extends AsyncDisposable {
  readonly page: Page;
  /** what the console and the policy of a page complained of */
  readonly complaints: readonly string[];
  /** What axe finds wrong with the page as it is: rule and place. */
  faults(): Promise<readonly string[]>;
  context: BrowserContext;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser of this machine. Null where there is none, after one line that says so: the caller skips its tests. */
export async function openChromium(announce = true): Promise<Browser | null> {
  const executablePath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
  if (executablePath === undefined) {
    if (announce) console.log('ABSENT: chromium (none in PATH); tests of pages are skipped');
    return null;
  }
  // Without a sandbox of its own: as root it has none, and it meets no page but ours.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A browser of its own cookies, with a platform authenticator that verifies its user. */
export async function openSeat(browser: Browser, options: { readonly timezoneId?: string } = {}): Promise<Seat> {
  const context = await browser.newContext({ timezoneId: 'Europe/Lisbon', locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    page,
    context,
    complaints,
    faults: async () => {
      await page.evaluate(axe.source);
      const found: { violations: { id: string; nodes: { target: unknown }[] }[] } =
        await page.evaluate('axe.run()');
      return found.violations.map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes.map((n) => n.target))}`);
    },
    [Symbol.asyncDispose]: async () => context.close(),
  };
}
