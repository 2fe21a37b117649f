import type { RunState, RunView } from '@writ/engine';
import { type Html, html } from '../html.ts';

/** What the policy said, and what it nearly said. */
export function decision({ nearMisses, state }: RunView): Html {
  const rows = nearMisses.map(({ rule, message }) => html`<li><code>${rule}</code> ${message}</li>\n`);
  return html`<section aria-labelledby="decision">
<h2 id="decision">Decision</h2>
<p>${SAID[state]}</p>
<h3>Near misses</h3>
${
  rows.length === 0
    ? html`<p>No rule would have decided otherwise had one thing been different.</p>`
    : html`<p>One thing kept these rules from applying:</p>
<ul>
${rows}</ul>`
}
</section>
`;
}

const SAID: Readonly<Record<RunState, string>> = {
  waiting: 'The policy permits it, provided that people agree.',
  issued: 'The policy permitted it, and whoever was asked agreed.',
  refused: 'It was refused.',
  denied: 'Somebody who was asked denied it.',
  cancelled: 'Whoever asked took it back.',
  expired: 'Nobody decided in time.',
};
