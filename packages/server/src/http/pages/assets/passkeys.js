// Adds, replaces and ends passkeys of whoever is signed in.
import { ask } from './ask.js';
import { forgetInvitation, invitationAtHand } from './invitation.js';
import { makePasskey, signByPasskey, signBySample } from './passkey.js';
import { passkeyChallenge } from './plan.js';
import { textMember, textsMember } from './read.js';
import { attempt, onSubmit, sayOnNewPage } from './say.js';

const all = document.querySelector('#passkeys');
const sample = all instanceof HTMLElement && all.dataset['sample'] === 'yes';

const invited = document.querySelector('#by-invitation');
const byPasskey = document.querySelector('#by-passkey');
if (invited instanceof HTMLElement && invitationAtHand() !== null) {
  invited.hidden = false;
  if (byPasskey instanceof HTMLElement) byPasskey.hidden = true;
}

const adding = document.querySelector('#add-passkey');
if (adding instanceof HTMLFormElement) {
  onSubmit(adding, async (field) => {
    const invitation = invitationAtHand();
    const made = await make('authenticator-added');
    const { nonce, registration } = made;
    const grounds =
      invitation === null ? { assertion: await consent('authenticator-added', made) } : { invitation };
    // Good or refused, it is no use any more; whoever has the link can open it again.
    forgetInvitation();
    await ask('/api/v1/passkeys', { nonce, registration, label: field('label'), ...grounds });
    sayOnNewPage('The passkey is added, and recorded in the ledger.');
  });
}

for (const item of document.querySelectorAll('.passkey')) {
  if (!(item instanceof HTMLElement)) continue;
  const { id = '' } = item.dataset;
  const path = `/api/v1/passkeys/${encodeURIComponent(id)}`;
  const replacing = item.querySelector('form.replace');
  if (replacing instanceof HTMLFormElement) {
    onSubmit(replacing, async (field) => {
      const made = await make('authenticator-replaced', id);
      const { nonce, registration } = made;
      const assertion = await consent('authenticator-replaced', made);
      await ask(`${path}/replace`, { nonce, registration, label: field('label'), assertion });
      sayOnNewPage('The passkey is replaced.');
    });
  }
  const lost = item.querySelector('button.lost');
  if (lost instanceof HTMLButtonElement) {
    lost.addEventListener('click', () => {
      void attempt(lost, async () => {
        await ask(`${path}/lost`, {});
        sayOnNewPage('The passkey has ended.');
      });
    });
  }
}

/**
 * @typedef {{id: string, nonce: string, rpId: string, person: string, existing: string[],
 *   registration: {clientDataJson: string, attestationObject: string}}} Made
 */

/**
 * Has the browser make a passkey.
 * @param {string} event
 * @param {string} [replaced] credential id
 * @returns {Promise<Made>}
 */
async function make(event, replaced) {
  const given = await ask('/api/v1/passkeys/challenge', {
    event,
    ...(replaced === undefined ? {} : { id: replaced }),
  });
  const asked = {
    challenge: textMember(given, 'challenge'),
    rpId: textMember(given, 'rpId'),
    userId: textMember(given, 'userId'),
    person: textMember(given, 'person'),
    existing: textsMember(given, 'existing'),
  };
  const { rpId, person, existing } = asked;
  return { ...(await makePasskey(asked)), nonce: textMember(given, 'nonce'), rpId, person, existing };
}

/**
 * Has a passkey that the reader has agree to the one that was just made.
 * @param {string} event
 * @param {Made} made
 */
async function consent(event, { id, nonce, rpId, person, existing }) {
  const challenge = await passkeyChallenge({ event, id, nonce, person });
  return sample ? signBySample(challenge, event) : signByPasskey({ challenge, rpId, allow: existing });
}
