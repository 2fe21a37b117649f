import type { ApprovalView, RunView } from '@writ/engine';
import { type Content, type Html, html } from '../html.ts';
import { instant } from '../instant.ts';

const DONE: Readonly<Record<ApprovalView['decision'], string>> = {
  approve: 'approved',
  confirm: 'confirmed',
  deny: 'denied',
};

/** What happened, in order. */
export function timeline({ requester, openedAt, approvals, dueAt }: RunView): Html {
  const done = [...approvals].sort((a, b) => a.at - b.at).map(decided);
  const due = dueAt === 0 ? null : html`<li>${instant(dueAt)} ends unless it is decided</li>\n`;
  return html`<section aria-labelledby="timeline">
<h2 id="timeline">Timeline</h2>
<ol>
<li>${instant(openedAt)} asked for by ${requester === null ? 'the workload itself' : html`<code>${requester}</code>`}</li>
${done}${due}</ol>
</section>
`;
}

function decided({ rule, person, decision, at, index, reason }: ApprovalView): Content {
  const why = reason === null ? null : html`: ${reason}`;
  return html`<li>${instant(at)} ${DONE[decision]} by <code>${person}</code> for <code>${rule}</code>${why} (ledger entry ${index})</li>\n`;
}
