import { formatInstant } from '@writ/core';
import { type Html, html } from './html.ts';

/** A time, in milliseconds since the epoch: in UTC, until `page.js` puts it into the reader's zone. */
export function instant(ms: number): Html {
  const utc = formatInstant(ms);
  const words = `${utc.slice(0, 10)} ${utc.slice(11, 16)} UTC`;
  return html`<time datetime="${utc}" title="${utc}">${words}</time>`;
}

/** A deadline; 0 is none. */
export function deadline(ms: number): Html {
  return ms === 0 ? html`<span class="none">none</span>` : instant(ms);
}
