import { type Content, type Html, html } from './html.ts';

/** A table with a caption. The first cell of each row is its heading. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Content[])[],
): Html {
  return html`<table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map(([first = null, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
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
