import { EvidenceError } from '../evidence-error.ts';
import { checkStatement, parseAttestationObject } from './attestation.ts';
import { checkAuthenticatorData, parseAuthenticatorData } from './authenticator-data.ts';
import { checkClientData, type ExpectedCeremony } from './client-data.ts';
import { importCoseKey } from './cose-key.ts';
import { checkCredentialId } from './credential-id.ts';
import { decodeMember } from './member.ts';

/** A new passkey as the browser gives it (section 5.2.1); both base64url. */
export interface Registration {
  readonly clientDataJson: string;
  readonly attestationObject: string;
}

/** A passkey that may be recorded. */
export interface RegisteredPasskey {
  /** credential id, base64url. The caller refuses one it knows already (section 7.1) */
  readonly id: string;
  /** RFC 7517, required members alone */
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly signCount: number;
  readonly userVerified: true;
  /** copied to other devices, as its provider says */
  readonly backedUp: boolean;
}

/**
 * Verifies a registration: Web Authentication Level 3, section 7.1, with user presence and user verification, for
 * conveyance `none`. It spends nothing: whoever accepts must let `challenge` count once.
 *
 * That whoever registers holds the private key is shown by their first assertion, not by this: most statements are empty.
 *
 * @throws EvidenceError `malformed`, `type`, `claim`, `audience`, `algorithm`, `key`, `signature` or `unsupported`
 */
export function verifyRegistration(
  registration: Registration,
  expected: ExpectedCeremony,
): RegisteredPasskey {
  const clientData = decodeMember('clientDataJson', registration.clientDataJson);
  const object = parseAttestationObject(decodeMember('attestationObject', registration.attestationObject));
  checkClientData(clientData, 'webauthn.create', expected);
  const data = parseAuthenticatorData(object.authenticatorData);
  checkAuthenticatorData(data, expected.rpId);
  const { credential, signCount, backedUp } = data;
  if (credential === null) {
    throw new EvidenceError('malformed', 'authenticator data of a registration lacks a credential', {
      claim: 'AT',
    });
  }
  checkCredentialId(credential.id);
  const key = importCoseKey(credential.publicKey);
  checkStatement(object, clientData, key);
  return {
    id: credential.id.toString('base64url'),
    publicJwk: key.jwk,
    signCount,
    userVerified: true,
    backedUp,
  };
}
