import type { Json } from '@writ/core';
import type { RunView } from '@writ/engine';
import { type Content, type Html, html } from '../html.ts';
import { instant } from '../instant.ts';
import { table } from '../table.ts';
import { leavesOf } from './leaves.ts';

/**
 * The plan, leaf by leaf. The reader's browser puts it together again from this very table and digests it: nothing can be
 * signed that is not on the screen.
 */
export function exactly({ plan, planJson }: RunView): Html {
  return html`<section aria-labelledby="exactly">
<h2 id="exactly">What is approved, exactly</h2>
<p>sha256 <code class="digest">${plan}</code></p>
<p class="checked" data-digest="${plan}" data-of="plan-leaves">This browser has not computed the digest of the table.</p>
<div id="plan-leaves">
${leaves('The plan, member by member', planJson)}
</div>
</section>
`;
}

/** A JSON value as a table that `planOf` in `plan.js` reads back. */
export function leaves(caption: string, value: Json): Html {
  const rows = leavesOf(value).map(({ pointer, text }): readonly Content[] => [
    html`<code data-pointer="${pointer}">${pointer}</code>`,
    [html`<code data-value="">${text}</code>`, meaning(pointer, text)],
  ]);
  return table(caption, ['Member', 'Value'], rows);
}

/** Members that are times, in milliseconds since the epoch. */
const TIMES: ReadonlySet<string> = new Set(['/not_issued_after', '/proposal/expires']);

/** What a number means, beside it. */
function meaning(pointer: string, text: string): Content {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || text === 'null') return null;
  if (TIMES.has(pointer) && number > 0) return html` (${instant(number)})`;
  return pointer === '/ttl' ? ` (${inWords(number)})` : null;
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** Seconds as `1 d 12 h`. */
function inWords(seconds: number): string {
  let rest = seconds;
  const parts = UNITS.flatMap(([length, unit]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? [] : [`${count} ${unit}`];
  });
  return parts.length === 0 ? '0 s' : parts.join(' ');
}
