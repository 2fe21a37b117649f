import type { Browser } from '@writ/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_ROLES, openApiHouse } from '../api/api-house.ts';
import type { Seat } from './chromium.ts';
import { openRoom, type Room } from './room.ts';
import { said } from './said.ts';
import { serviceAccount } from './service-account.ts';

const opened = await openRoom({ edits: NO_ROLES });
afterAll(async () => opened?.[Symbol.asyncDispose]());

function room(): Room {
  if (opened === null) throw new Error('skipped');
  return opened;
}

/** Who owns what is asked for, who reviews it, and who asks. */
let [ana, tom]: readonly Seat[] = [];
let rui: Browser;
let requester: Seat;
beforeAll(async () => {
  if (opened === null) return;
  ana = await room().enrolled('user:ana');
  tom = await room().enrolled('user:tom');
  requester = await room().seat();
  await requester.open('/');
  await requester.signIn('user:rui');
  rui = await room().world.signedIn('user:rui');
});

function at(seat: Seat | undefined): Seat {
  if (seat === undefined) throw new Error('nobody sits there');
  return seat;
}

let asked = 0;

/** Asks for a service account as Rui; the id of the run. */
async function ask(identity: Readonly<Record<string, string>> = {}): Promise<string> {
  asked += 1;
  const { status, body, text } = await rui.ask('/api/v1/runs', serviceAccount(`svc-${asked}`, identity));
  if (status !== 202) throw new Error(text);
  return String(body['run']);
}

const stateOf = async (run: string): Promise<unknown> => (await rui.ask(`/api/v1/runs/${run}`)).body['state'];
const approvalsOf = async (run: string): Promise<unknown> =>
  (await rui.ask(`/api/v1/runs/${run}`)).body['approvals'];

const approveButton = (page: Page) => page.getByRole('button', { name: 'Approve with passkey' });

/** Presses the key that leads on until what has the focus is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate<string>('document.activeElement?.textContent ?? ""')).trim() === name) return;
  }
  throw new Error(`no key leads to \`${name}\``);
}

/** Changes a page, or an answer to it, on its way. */
async function tamper(page: Page, url: string, change: (text: string) => string): Promise<void> {
  await page.route(url, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: change(await response.text()) });
  });
}

describe.skipIf(opened === null)('a run is approved', () => {
  test('S2.2 by the owner and then the reviewer, after whoever asked could not; what the ledger has is what they saw', async () => {
    const run = await ask({ environment: 'production' });
    await requester.open(`/approve/${run}`);
    expect(await approveButton(requester.page).count()).toBe(0);
    await requester.page.getByRole('heading', { name: 'Take it back' }).waitFor();
    const forged = await rui.ask(`/api/v1/runs/${run}/challenge`, {
      rule: 'owner-accepts',
      decision: 'approve',
    });
    expect(forged.status).toBe(403);

    const { page } = at(ana);
    await page.goto(`/approve/${run}`);
    await page.getByText('✓ This browser computed this digest').waitFor();
    expect(await page.getByRole('heading', { level: 3, name: 'Approve: owner-accepts' }).count()).toBe(1);
    expect(await page.getByRole('heading', { level: 3, name: 'Approve: security-review' }).count()).toBe(0);
    await approveButton(page).click();
    expect(await said(page)).toBe('You approved. It is recorded.');
    expect(await stateOf(run)).toBe('waiting');

    const reviewer = at(tom).page;
    await reviewer.goto('/');
    await reviewer.getByRole('link', { name: `svc-${asked}` }).click();
    await approveButton(reviewer).click();
    expect(await said(reviewer)).toBe('You approved. It is recorded.');
    expect(await stateOf(run)).toBe('issued');
    expect(await reviewer.locator('.state').textContent()).toContain('issued');
    expect(await approvalsOf(run)).toMatchObject([
      { rule: 'owner-accepts', person: 'user:ana' },
      { rule: 'security-review', person: 'user:tom' },
    ]);
    expect(await approveButton(reviewer).count()).toBe(0);
  });

  test('with the keyboard alone, from the inbox on', async () => {
    const run = await ask();
    const { page } = at(ana);
    await page.goto('/');
    await tabTo(page, `svc-${asked}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/approve/${run}`);
    await page.getByText('✓ This browser computed this digest').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await tabTo(page, 'To your decision');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Approve with passkey');
    await page.keyboard.press('Enter');
    expect(await said(page)).toBe('You approved. It is recorded.');
    expect(await stateOf(run)).toBe('issued');
  });

  test('only once this browser has its passkey: one that says no approves nothing, and says so', async () => {
    const run = await ask();
    const { page } = at(ana);
    await page.goto(`/approve/${run}`);
    await page.evaluate(
      'navigator.credentials.get = async () => { throw new DOMException("no", "NotAllowedError"); }',
    );
    await approveButton(page).click();
    expect(await said(page)).toContain('No passkey answered');
    expect(await approvalsOf(run)).toEqual([]);
    expect(await approveButton(page).isEnabled()).toBe(true);
  });
});

describe.skipIf(opened === null)('a run is ended', () => {
  test('by a denial with its reason, which whoever asked reads', async () => {
    const run = await ask();
    const { page } = at(ana);
    await page.goto(`/approve/${run}`);
    await page.getByText('Deny…').click();
    const reason = page.getByLabel('Why you deny it');
    await page.getByRole('button', { name: 'Deny the request' }).click();
    expect(await page.locator('textarea:invalid:focus').count()).toBe(1);
    expect(await stateOf(run)).toBe('waiting');
    await reason.fill('no such report <b>at all</b>');
    await page.getByRole('button', { name: 'Deny the request' }).click();
    expect(await said(page)).toBe('You denied the request.');
    expect(await stateOf(run)).toBe('denied');
    await requester.open(`/approve/${run}`);
    await requester.page.getByText('no such report <b>at all</b>').waitFor();
    expect(await requester.page.locator('.state').textContent()).toContain('denied');
  });

  test('by whoever asked', async () => {
    const run = await ask();
    const { page } = requester;
    await requester.open('/runs');
    await page.getByRole('link', { name: `svc-${asked}` }).click();
    await page.getByRole('button', { name: 'Cancel the request' }).click();
    expect(await said(page)).toBe('You took the request back.');
    expect(await stateOf(run)).toBe('cancelled');
    await at(ana).open('/');
    expect(
      await at(ana)
        .page.getByRole('link', { name: `svc-${asked}` })
        .count(),
    ).toBe(0);
  });
});

describe.skipIf(opened === null)('F2 nothing is signed that is not on the screen', () => {
  test('a plan that was changed on its way cannot be approved, and the page says why', async () => {
    const run = await ask();
    const { page, context } = at(ana);
    const narrower = (text: string): string => text.replaceAll('[&quot;reports:read&quot;]', '[]');
    await tamper(page, `**/approve/${run}`, narrower);
    await page.goto(`/approve/${run}`);
    await page.getByText('✗ The table below has another digest').waitFor();
    await page.getByText('Do not approve: what stands on this page is not what would be signed').waitFor();
    expect(await approveButton(page).isDisabled()).toBe(true);
    await page.unrouteAll();

    // The digest beside it changed as well: it is then another plan, which nobody asked this person about.
    const other = await ask();
    const html = await (await context.request.get(`/approve/${other}`)).text();
    const digest = /data-plan="([0-9a-f]{64})"/.exec(html)?.[1] ?? '';
    const pages = html.replaceAll(other, run);
    await page.route(`**/approve/${run}`, async (route) =>
      route.fulfill({ body: pages, contentType: 'text/html' }),
    );
    await page.goto(`/approve/${run}`);
    await page.getByText('✓ This browser computed this digest').waitFor();
    expect(await page.locator('.digest').first().textContent()).toBe(digest);
    await approveButton(page).click();
    expect(await said(page)).toContain('Nothing was signed');
    await page.unrouteAll();
    expect([await approvalsOf(run), await approvalsOf(other)]).toEqual([[], []]);
  });

  test.each([
    ['another plan', (answer: string) => answer.replaceAll('"reports:read"', '"reports:write"')],
    ['another digest', (answer: string) => answer.replace(/"digest":"[0-9a-f]{2}/, '"digest":"00')],
    [
      'a challenge over something else',
      (answer: string) => answer.replace(/"challenge":"..../, '"challenge":"AAAA'),
    ],
    ['another nonce', (answer: string) => answer.replace(/"nonce":"..../, '"nonce":"AAAA')],
  ])('a challenge with %s is not signed', async (_, change) => {
    const run = await ask();
    const { page } = at(ana);
    await page.goto(`/approve/${run}`);
    let signed = 0;
    await page.route('**/approve', async (route) => {
      signed += 1;
      await route.continue();
    });
    await tamper(page, '**/challenge', change);
    await approveButton(page).click();
    expect(await said(page)).toContain('Nothing was signed');
    await page.unrouteAll();
    expect(signed).toBe(0);
    expect(await approvalsOf(run)).toEqual([]);
  });

  test('of a standing approval it is the envelope that is shown and computed', async () => {
    await using api = await openApiHouse();
    const answer = await api.house.engine.request(api.house.askedByAgent());
    if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
    const mei = await api.person('user:mei');
    const shown = await fetch(`${api.base.replace('/api/v1', '')}/approve/${answer.run}`, {
      headers: { authorization: `Bearer ${mei.secret}` },
    });
    const html = await shown.text();
    const { page } = at(ana);
    const serve = async (body: string): Promise<void> => {
      await page.unrouteAll();
      await page.route('**/approve/standing', async (route) =>
        route.fulfill({ body, contentType: 'text/html' }),
      );
      await page.goto('/approve/standing');
    };
    await serve(html);
    await page.getByText('This is a standing approval').waitFor();
    const envelope = page.getByRole('table', { name: 'The envelope, member by member' });
    expect(await envelope.getByRole('row', { name: '/scopes ["crm:read"]' }).count()).toBe(1);
    expect(await page.getByText('✓ This browser computed this digest').count()).toBe(2);
    expect(await approveButton(page).isEnabled()).toBe(true);

    const [before = '', after = ''] = html.split('The envelope, member by member');
    await serve(`${before}The envelope, member by member${after.replace('crm:read', 'crm:write')}`);
    await page.getByText('✗ The table below has another digest').waitFor();
    expect(await approveButton(page).isDisabled()).toBe(true);
    await page.unrouteAll();
  });
});

describe.skipIf(opened === null)('a change of the rules', () => {
  test('S3.12 shows who decides about it what it would let through, with a request', async () => {
    const { body } = await rui.ask('/api/v1/artefacts');
    const files = JSON.parse(JSON.stringify(body['files'])).map(({ path, text }: Record<string, string>) => ({
      path,
      text: path?.endsWith('ci-deploy-token.flow.yaml')
        ? text?.replaceAll('max: 15m', 'max: 30m').replace('max-lifetime: 15m', 'max-lifetime: 30m')
        : text,
    }));
    const proposed = await rui.ask('/api/v1/changes', { summary: 'slow runs', files });
    expect([proposed.status, proposed.body['code']]).toEqual([202, undefined]);
    const { page } = at(tom);
    await page.goto(`/approve/${String(proposed.body['run'])}`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Change of the rules');
    await page.getByText('Its author says: slow runs').waitFor();
    await page
      .getByRole('heading', { name: 'Flow ci-deploy-token changed: ▲ it lets more through' })
      .waitFor();
    const witness = page.getByRole('table', { name: 'A request that would be let through, and is not now' });
    expect(await witness.getByRole('row', { name: '/new/outcome "issue"' }).count()).toBe(1);
    await approveButton(page).click();
    expect(await said(page)).toBe('You approved. It is recorded.');
  });
});

describe.skipIf(opened === null)('F8 what is not for somebody to see', () => {
  test('is not there: a run of others and a run that never was are one page', async () => {
    const run = await ask();
    const { page } = at(tom);
    const foreign = await page.goto(`/approve/${run}`);
    const [status, text] = [foreign?.status(), await foreign?.text()];
    const never = await page.goto('/approve/run_nothing');
    expect([never?.status(), await never?.text()]).toEqual([status, text]);
    expect(status).toBe(404);
    expect(text).not.toContain(run);
  });

  test('nothing that a request holds becomes part of the page', async () => {
    const purpose = '</p><script>document.title = "taken"</script><img src=x onerror=alert(1)>"\'‮';
    const run = await ask({ purpose });
    const { page } = at(ana);
    await page.goto(`/approve/${run}`);
    await page.getByText('✓ This browser computed this digest').waitFor();
    expect(await page.title()).toContain(`svc-${asked}`);
    expect(await page.locator('main script, main img').count()).toBe(0);
    const shown = await page.locator('dd', { hasText: '<script>' }).first().textContent();
    expect(shown).toBe(purpose.replace('‮', '[U+202E]'));
  });
});

describe.skipIf(opened === null)('afterwards', () => {
  test('no console has complained of a page', () => {
    expect(room().complaints()).toEqual([]);
  });
});
