import type { RunView } from '@writ/engine';
import { type Html, html } from '../html.ts';
import { instant } from '../instant.ts';
import { pairs } from '../table.ts';

/** What is asked, by whom, for what, and who answers for it. */
export function asked({ identity, purpose, owner, requester, openedAt }: RunView): Html {
  return html`<section aria-labelledby="asked">
<h2 id="asked">Asked</h2>
${pairs([
  ['Identity', html`<code>${identity}</code>`],
  ['Purpose', purpose],
  ['Owner', html`<code>${owner}</code>`],
  ['Asked by', requester === null ? 'the workload itself' : html`<code>${requester}</code>`],
  ['Asked at', instant(openedAt)],
])}
</section>
`;
}
