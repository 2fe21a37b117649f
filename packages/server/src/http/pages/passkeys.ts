import type { Authenticator } from '@writ/core';
import { isSampleEvidence } from '../../dev-people/sample-evidence.ts';
import { type Html, html } from './html.ts';
import { instant } from './instant.ts';
import type { Reader, Site, View } from './site.ts';

/** The reader's passkeys: those there are, and how they change. */
export async function passkeysView({ edge }: Site, reader: Reader): Promise<View> {
  const known = await edge.engine.people.authenticators(reader.session.person);
  const passkeys = known.toSorted((a, b) => a.addedAt - b.addedAt);
  const sample = isSampleEvidence(reader.session.evidence);
  return {
    title: 'Passkeys',
    place: 'passkeys',
    command: 'writ whoami',
    modules: ['passkeys.js'],
    body: html`<p>A passkey signs what you approve. Each is recorded in the ledger, and so is its end.</p>
<div id="passkeys" data-person="${reader.session.person}" data-sample="${sample ? 'yes' : 'no'}">
<section aria-labelledby="yours">
<h2 id="yours">Your passkeys</h2>
${passkeys.length === 0 ? html`<p>You have none. An administrator's invitation lets you add the first.</p>` : null}
<ul class="passkeys">
${passkeys.map(passkey)}</ul>
</section>
${adding(passkeys)}
</div>
`,
  };
}

function passkey({ id, label, addedAt }: Authenticator, i: number): Html {
  return html`<li class="passkey" data-id="${id}">
<h3 id="passkey-${i}">${label}</h3>
<p>Added ${instant(addedAt)}</p>
<form class="replace" aria-labelledby="passkey-${i}">
<p><label for="label-${i}">What to call the one that replaces it</label> <input id="label-${i}" name="label" value="${label}" maxlength="64" required autocomplete="off"></p>
<p><button type="submit">Replace</button></p>
</form>
<details>
<summary>It is lost…</summary>
<p>It ends at once and for good. What it signed before stays valid.</p>
<p><button type="button" class="lost">Report <em>${label}</em> as lost</button></p>
</details>
</li>
`;
}

/** Whether an invitation is at hand is known to the browser alone: its secret is sent to nobody until it is used. */
function adding(passkeys: readonly Authenticator[]): Html {
  return html`<section aria-labelledby="add">
<h2 id="add">Add a passkey</h2>
${passkeys.length === 0 ? null : html`<p id="by-passkey">A passkey that you have agrees to the new one: you are asked twice.</p>`}
<p id="by-invitation" hidden>Your invitation lets you add one passkey, once.</p>
<form id="add-passkey">
<p><label for="new-label">What to call it, so that you know it again</label> <input id="new-label" name="label" maxlength="64" required autocomplete="off"></p>
<p><button type="submit">Add a passkey</button></p>
</form>
</section>
`;
}
