// Makes an invitation, by a passkey of whoever invites.
import { ask } from './ask.js';
import { signByPasskey, signBySample } from './passkey.js';
import { passkeyChallenge } from './plan.js';
import { textMember, textsMember } from './read.js';
import { onSubmit, say } from './say.js';

const form = document.querySelector('#invite');
const invited = document.querySelector('#invited');
const url = document.querySelector('#url');
if (form instanceof HTMLFormElement && invited instanceof HTMLElement && url instanceof HTMLInputElement) {
  onSubmit(form, async (field) => {
    const person = field('person');
    const given = await ask('/api/v1/passkeys/challenge', { event: 'invited', person });
    const nonce = textMember(given, 'nonce');
    const challenge = await passkeyChallenge({ event: 'invited', nonce, person });
    const assertion =
      form.dataset['sample'] === 'yes'
        ? await signBySample(challenge, 'invited')
        : await signByPasskey({
            challenge,
            rpId: textMember(given, 'rpId'),
            allow: textsMember(given, 'existing'),
          });
    const made = await ask(`/api/v1/people/${encodeURIComponent(person)}/invitations`, { nonce, assertion });
    url.value = textMember(made, 'url');
    invited.hidden = false;
    say('The invitation is made.');
  });
}
