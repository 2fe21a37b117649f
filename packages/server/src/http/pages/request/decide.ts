import type { RunView } from '@writ/engine';
import { type Html, html } from '../html.ts';
import { leaves } from './exactly.ts';

/** Who decides, and with what. */
interface Decider {
  readonly person: string;
  /** whether they sign by the software authenticator of `writ dev` */
  readonly sample: boolean;
}

type Demanded = RunView['obligations'][number];

/** What the reader can do: each obligation that waits for them, and taking back what they asked for. */
export function decide(view: RunView, decider: Decider): Html {
  if (view.state !== 'waiting') return html``;
  const mine = view.obligations.filter((each) => each.mine);
  const cancel = view.requester === decider.person;
  if (mine.length === 0 && !cancel) return html`<p>Nothing of this waits for you.</p>`;
  return html`<section aria-labelledby="decide" id="deciding" data-run="${view.run}" data-person="${decider.person}" data-plan="${view.plan}">
<h2 id="decide">Decide</h2>
${mine.map((each, i) => obligation(view, each, `decide-${i}`, decider))}
${cancel ? cancelling(view.run) : null}
</section>
`;
}

function obligation({ run }: RunView, each: Demanded, id: string, { sample }: Decider): Html {
  const decision = each.kind === 'approval' ? 'approve' : 'confirm';
  const word = each.kind === 'approval' ? 'Approve' : 'Confirm';
  const means = sample ? 'with the sample authenticator' : 'with passkey';
  const authenticator = sample ? 'sample' : 'passkey';
  return html`<section class="decision" aria-labelledby="${id}" data-rule="${each.rule}" data-decision="${decision}" data-digest="${each.digest}">
<h3 id="${id}">${word}: <code>${each.rule}</code></h3>
${each.envelope === null ? onlyThis(word, each.digest) : standing(each.digest, { ...each.envelope, fields: { ...each.envelope.fields } }, id)}
<p class="verdict" role="status"></p>
<p><button type="button" class="sign" data-authenticator="${authenticator}" disabled>${word} ${means}</button></p>
<details>
<summary>Deny…</summary>
<form class="deny">
<p><label for="${id}-reason">Why you deny it. The reason is recorded, and whoever asked reads it.</label></p>
<p><textarea id="${id}-reason" name="reason" rows="3" maxlength="1000" required></textarea></p>
<p><button type="submit">Deny the request</button></p>
</form>
</details>
<p class="command">In a terminal: <code>writ ${decision} ${run} --rule ${each.rule}</code> or <code>writ deny ${run} --rule ${each.rule} --reason "…"</code></p>
</section>
`;
}

function onlyThis(word: string, digest: string): Html {
  return html`<p>You ${word.toLowerCase()} exactly sha256 <code class="digest">${digest}</code>: the plan above, once.</p>`;
}

function standing(digest: string, envelope: Parameters<typeof leaves>[1], id: string): Html {
  return html`<p>This is a standing approval. You approve, until it ends, every request inside this envelope: the same audience, no more scopes, no longer life.</p>
<p>sha256 <code class="digest">${digest}</code></p>
<p class="checked" data-digest="${digest}" data-of="${id}-leaves">This browser has not computed the digest of the table.</p>
<div id="${id}-leaves">
${leaves('The envelope, member by member', envelope)}
</div>`;
}

function cancelling(run: string): Html {
  return html`<section class="decision" aria-labelledby="cancel">
<h3 id="cancel">Take it back</h3>
<p>You asked for this. Taken back, it ends, and nobody can approve it any more.</p>
<p><button type="button" id="cancel-run">Cancel the request</button></p>
<p class="command">In a terminal: <code>writ cancel ${run}</code></p>
</section>
`;
}
