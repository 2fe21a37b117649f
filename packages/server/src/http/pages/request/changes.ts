import type { Json } from '@writ/core';
import type { RunView } from '@writ/engine';
import { type Content, type Html, html } from '../html.ts';
import { instant } from '../instant.ts';
import { jsonText } from '../json-text.ts';
import { listed, table } from '../table.ts';

/** What would be another on the identity. */
export function changes({ changes: all }: RunView): Html {
  const rows = all
    .filter(({ before, after }) => !(isNothing(before) && isNothing(after)))
    .map(({ member, before, after }) => [
      html`<code>${member}</code>`,
      valueOf(member, before),
      valueOf(member, after),
    ]);
  return html`<section aria-labelledby="changes">
<h2 id="changes">Changes</h2>
${
  rows.length === 0
    ? html`<p>Nothing changes on the identity.</p>`
    : table('What changes on the identity', ['Member', 'Before', 'After'], rows)
}
</section>
`;
}

/** A new identity whose list is empty changes nothing by it. */
function isNothing(value: Json): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function valueOf(member: string, value: Json): Content {
  if (value === null) return html`<span class="none">nothing</span>`;
  if (member === 'expires' && typeof value === 'number') return instant(value);
  if (isTexts(value)) return listed(value, 'none');
  return typeof value === 'string' ? value : html`<code>${jsonText(value)}</code>`;
}

function isTexts(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
