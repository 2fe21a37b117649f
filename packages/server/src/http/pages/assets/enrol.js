// Takes the secret of an invitation out of the address, and goes on to the passkeys. That this page begins the navigation lets
// the strict cookie go with it, whatever site the link stood on.
import { base } from './ask.js';
import { keepInvitation } from './invitation.js';
import { say } from './say.js';

const secret = location.hash.slice(1);
if (/^[A-Za-z0-9_-]{43}$/.test(secret)) {
  keepInvitation(secret);
  location.replace(`${base}/passkeys`);
} else {
  say('This link is incomplete. Copy all of it, with what stands behind the #, or ask for another one.');
}
