import { ask } from './ask.js';
import { fromBase64url, toBase64url } from './base64url.js';
import { member, textMember } from './read.js';

/** @typedef {{authenticator: string, clientDataJson: string, authenticatorData: string, signature: string}} Assertion */

/** Milliseconds that somebody may take: as long as a challenge is good for. */
const PATIENCE = 300_000;

/** @returns {boolean} */
export function hasPasskeys() {
  return 'PublicKeyCredential' in window;
}

/**
 * Makes a passkey.
 * @param {{challenge: string, rpId: string, userId: string, person: string, existing: readonly string[]}} asked
 * @returns {Promise<{id: string, registration: {clientDataJson: string, attestationObject: string}}>}
 */
export async function makePasskey({ challenge, rpId, userId, person, existing }) {
  const made = await navigator.credentials
    .create({
      publicKey: {
        challenge: fromBase64url(challenge),
        rp: { id: rpId, name: 'Writ' },
        user: { id: fromBase64url(userId), name: person, displayName: person },
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        attestation: 'none',
        excludeCredentials: existing.map(descriptor),
        timeout: PATIENCE,
      },
    })
    .catch(explain);
  if (!(made instanceof PublicKeyCredential) || !(made.response instanceof AuthenticatorAttestationResponse))
    throw new Error('The browser made no passkey.');
  const { clientDataJSON, attestationObject } = made.response;
  return {
    id: toBase64url(made.rawId),
    registration: {
      clientDataJson: toBase64url(clientDataJSON),
      attestationObject: toBase64url(attestationObject),
    },
  };
}

/**
 * Has one of the reader's passkeys sign, after it has verified who they are.
 * @param {{challenge: string, rpId: string, allow: readonly string[]}} asked
 * @returns {Promise<Assertion>}
 */
export async function signByPasskey({ challenge, rpId, allow }) {
  const signed = await navigator.credentials
    .get({
      publicKey: {
        challenge: fromBase64url(challenge),
        rpId,
        allowCredentials: allow.map(descriptor),
        userVerification: 'required',
        timeout: PATIENCE,
      },
    })
    .catch(explain);
  if (
    !(signed instanceof PublicKeyCredential) ||
    !(signed.response instanceof AuthenticatorAssertionResponse)
  )
    throw new Error('No passkey signed.');
  const { clientDataJSON, authenticatorData, signature } = signed.response;
  return {
    authenticator: toBase64url(signed.rawId),
    clientDataJson: toBase64url(clientDataJSON),
    authenticatorData: toBase64url(authenticatorData),
    signature: toBase64url(signature),
  };
}

/**
 * Has the software authenticator of a sample person sign: `writ dev` alone has one.
 * @param {string} challenge base64url
 * @param {string} purpose
 * @returns {Promise<Assertion>}
 */
export async function signBySample(challenge, purpose) {
  const assertion = member(await ask('/dev/assert', { challenge, purpose }), 'assertion');
  return {
    authenticator: textMember(assertion, 'authenticator'),
    clientDataJson: textMember(assertion, 'clientDataJson'),
    authenticatorData: textMember(assertion, 'authenticatorData'),
    signature: textMember(assertion, 'signature'),
  };
}

/**
 * @param {string} id
 * @returns {PublicKeyCredentialDescriptor}
 */
function descriptor(id) {
  return { type: 'public-key', id: fromBase64url(id) };
}

/** @type {Readonly<Record<string, string>>} */
const WORDS = {
  NotAllowedError: 'No passkey answered: it was cancelled, or took too long. Try again.',
  InvalidStateError: 'This device has a passkey of yours already. Use it, or another device.',
  SecurityError: 'Passkeys of this server are for another host name. Open the page under its public URL.',
  NotSupportedError: 'This device makes no passkey of a kind that is taken here. Use another one.',
};

/**
 * @param {unknown} error
 * @returns {never}
 */
function explain(error) {
  const name = error instanceof DOMException ? error.name : '';
  throw new Error(WORDS[name] ?? 'The passkey did not work. Try again, or use another one.', {
    cause: error,
  });
}
