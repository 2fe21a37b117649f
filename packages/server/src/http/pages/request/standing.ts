import type { RunView } from '@writ/engine';
import { type Content, type Html, html } from '../html.ts';
import { deadline, instant } from '../instant.ts';
import { pairs, table } from '../table.ts';
import { stateText } from './state-text.ts';

/** How far it is, and what it waits for. */
export function standing(view: RunView): Html {
  const { run, flow, flowVersion, state, dueAt, obligations, reasons } = view;
  const mine = obligations.some((each) => each.mine);
  return html`<section aria-labelledby="standing">
<h2 id="standing">Where it stands</h2>
${pairs([
  ['State', stateText(state)],
  ['Run', html`<code>${run}</code>`],
  ['Flow', html`<code>${flow}</code> version ${flowVersion}`],
  ['Waits until', deadline(dueAt)],
])}
${mine ? html`<p><a href="#decide">To your decision</a>, below everything that it is about.</p>` : null}
${obligations.length === 0 ? null : demanded(view)}
${reasons.length === 0 ? null : refused(view)}
</section>
`;
}

type Demanded = RunView['obligations'][number];

function demanded({ obligations, state }: RunView): Html {
  return table(
    'What was demanded before it goes on',
    ['Rule', 'Of whom', 'State', 'Until'],
    obligations.map((each) => [
      html`<code>${each.rule}</code>`,
      ofWhom(each),
      state === 'waiting' ? progress(each) : missing(each),
      instant(each.expires),
    ]),
  );
}

function ofWhom({ kind, count, from, assignee, not, factor }: Demanded): Content {
  const verb = kind === 'approval' ? 'to approve' : 'to confirm';
  const whom = from === assignee ? from : `${from} (${assignee})`;
  const excluded = not.length === 0 ? '' : `, not ${not.join(', not ')}`;
  const by = factor === 'webauthn' ? ', with a passkey' : factor === null ? '' : `, by ${factor}`;
  return `${count} of ${whom} ${verb}${excluded}${by}`;
}

function progress(each: Demanded): Content {
  const words = missing(each);
  if (each.unsatisfiable !== null) return [words, ` Nobody can, as things are: ${each.unsatisfiable}`];
  return each.mine ? [words, html` <strong>It waits for you.</strong>`] : words;
}

function missing({ count, missing: open }: Demanded): string {
  return open === 0 ? '✓\u00a0met' : `${count - open} of ${count}`;
}

/** A reason says nothing of what would have been accepted: that is for owners and operators (law 14). */
function refused({ reasons }: RunView): Html {
  return html`<h3>Why it ended</h3>
<ul>${reasons.map(
    ({ rule, message, help }) =>
      html`<li><code>${rule}</code>: ${message}${help === undefined ? null : html`. What would help: ${help}`}</li>`,
  )}</ul>
`;
}
