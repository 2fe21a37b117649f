import type { Page } from 'playwright-core';

/** What a page says in answer to what was done, where it brought its reader. */
export async function said(page: Page): Promise<string> {
  const place = page.locator('#said:focus:not(:empty)');
  await place.waitFor();
  return (await place.textContent()) ?? '';
}
