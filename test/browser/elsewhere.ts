import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Seat } from './chromium.ts';

/** Follows a link that stands on a page of another site. */
export async function openFromElsewhere({ page }: Seat, href: string): Promise<void> {
  await using elsewhere = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<a href="${href}">a link</a>`);
  });
  await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
  // INVARIANT: it listens on a port, so its address is no path.
  const { port } = elsewhere.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.getByRole('link').click();
  await page.waitForURL((url) => url.origin === new URL(href).origin);
  elsewhere.closeAllConnections();
}
