import type { ListedPerson } from '@writ/flow';
import { isSampleEvidence } from '../../dev-people/sample-evidence.ts';
import { Problem } from '../problem.ts';
import { html } from './html.ts';
import { mayInvite, type Reader, type Site, type View } from './site.ts';

/** Where administrators invite people to add a passkey. @throws Problem `unknown` for everybody else */
export async function peopleView({ edge }: Site, reader: Reader): Promise<View> {
  if (!mayInvite(reader)) throw new Problem('unknown');
  const { people } = await edge.engine.artefacts();
  const sample = isSampleEvidence(reader.session.evidence);
  return {
    title: 'People',
    place: 'people',
    command: null,
    modules: ['people.js'],
    body: html`<p>Somebody who has no passkey adds the first by an invitation: a link for them alone, good once and for a day. You sign it with your passkey, and the ledger records that you did.</p>
<form id="invite" data-sample="${sample ? 'yes' : 'no'}">
<p><label for="person">Whom to invite</label> <input id="person" name="person" list="people" required maxlength="200" autocomplete="off" spellcheck="false"></p>
<datalist id="people">${people.map(option)}</datalist>
<p><button type="submit">Make an invitation</button></p>
</form>
<section id="invited" aria-labelledby="link" hidden>
<h2 id="link">The invitation</h2>
<p><label for="url">It is shown this once. Give it to them, and to nobody else.</label> <input id="url" readonly></p>
</section>`,
  };
}

function option({ id, name }: ListedPerson): ReturnType<typeof html> {
  return html`<option value="${id}">${name}</option>`;
}
