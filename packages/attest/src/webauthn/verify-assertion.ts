import type { Assertion } from '@writ/core';
import { EvidenceError } from '../evidence-error.ts';
import { importJwk } from '../jws/jwk.ts';
import { checkAuthenticatorData, parseAuthenticatorData } from './authenticator-data.ts';
import { checkClientData, type ExpectedCeremony } from './client-data.ts';
import { checkCredentialId } from './credential-id.ts';
import { decodeMember } from './member.ts';
import { checkSignature } from './signature.ts';

export interface ExpectedAssertion extends ExpectedCeremony {
  /** what a leaf recorded under the credential id the assertion names: the caller finds it, and refuses if there is none */
  readonly publicJwk: Readonly<Record<string, string>>;
}

/** What an assertion says beside that it is good. */
export interface VerifiedAssertion {
  /** 0 where the authenticator does not count; where it does, one that did not grow tells of a copy */
  readonly signCount: number;
}

/**
 * Verifies an assertion: Web Authentication Level 3, section 7.2, with user presence and user verification. It depends
 * on its arguments alone, so that an audit years later comes to the same verdict, and spends nothing: whoever accepts
 * must let `challenge` count once. The signature is no name for the assertion: ECDSA has two for the same words (T20).
 *
 * @throws EvidenceError `malformed`, `type`, `claim`, `audience`, `key` or `signature`
 */
export function verifyAssertion(assertion: Assertion, expected: ExpectedAssertion): VerifiedAssertion {
  checkCredentialId(decodeMember('authenticator', assertion.authenticator));
  const clientData = decodeMember('clientDataJson', assertion.clientDataJson);
  const authenticatorData = decodeMember('authenticatorData', assertion.authenticatorData);
  const signature = decodeMember('signature', assertion.signature);
  checkClientData(clientData, 'webauthn.get', expected);
  const data = parseAuthenticatorData(authenticatorData);
  checkAuthenticatorData(data, expected.rpId);
  if (data.credential !== null) {
    throw new EvidenceError('malformed', 'authenticator data of an assertion holds a credential', {
      claim: 'AT',
    });
  }
  checkSignature(importJwk(expected.publicJwk), { authenticatorData, clientData, signature });
  return { signCount: data.signCount };
}
