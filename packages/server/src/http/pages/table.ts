import { type Content, type Html, html } from './html.ts';

/**
 * A table with a caption. The first cell of each row is its heading. Roles say again what the tags say: on a narrow screen the
 * style sheet puts cells one below the other, and browsers would call that a table no more.
 */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Content[])[],
): Html {
  const cells = ([first = null, ...rest]: readonly Content[]): Html =>
    html`<tr role="row"><th role="rowheader" scope="row">${first}</th>${rest.map(
      (cell, i) => html`<td role="cell" data-column="${columns[i + 1] ?? ''}">${cell}</td>`,
    )}</tr>\n`;
  return html`<table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(cells)}</tbody>
</table>`;
}

/** Names and what belongs to them. */
export function pairs(entries: readonly (readonly [string, Content])[]): Html {
  return html`<dl>
${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`;
}

/** Texts one after another; what stands for none of them where there are none. */
export function listed(texts: readonly string[], none: string): Html {
  return texts.length === 0
    ? html`<span class="none">${none}</span>`
    : html`<ul class="texts">${texts.map((text) => html`<li><code>${text}</code></li>`)}</ul>`;
}
