import { EvidenceError } from '@writ/attest';
import {
  type Assertion,
  type AuthenticatorChange,
  authenticatorCell,
  authenticatorChallenge,
  type Consume,
  canonicalJson,
  type Expect,
  type Session,
  WritError,
  type Write,
} from '@writ/core';
import { findAuthenticator } from './authenticators.ts';
import type { Given, Grounds } from './person-commit.ts';
import { relyingParty } from './relying-party.ts';

/** What a nonce is asked for. */
export type ChallengedChange =
  | { readonly event: 'authenticator-added' }
  | { readonly event: 'authenticator-replaced'; readonly id: string }
  | { readonly event: 'invited'; readonly person: string };

/** Why something may happen to a person, and what the commit then holds to, spends and writes. */
export interface Acceptance {
  readonly grounds: Grounds;
  readonly expect: readonly Expect[];
  readonly consume: readonly Consume[];
  readonly write: readonly Write[];
}

/** A nonce is bound to the session, to what is done with it, and to what it is done to. */
export function aboutOf(session: Session, change: ChallengedChange): string {
  return canonicalJson({ purpose: 'people', session: session.id, change: { ...change } });
}

/** What accepting the nonce spends. @throws WritError `refused` for one that is not for this, or too old */
export function spentNonce(
  { ports }: Given,
  session: Session,
  change: ChallengedChange,
  nonce: string,
): Consume {
  const spent = ports.challenges.verify(nonce, aboutOf(session, change), ports.now());
  if (spent === null)
    throw new WritError('refused', 'this was asked for too long ago, or elsewhere; begin again');
  return spent;
}

/**
 * That a passkey which a person has now signed this change.
 * @throws WritError `refused` where it is none of theirs, `verification-failed`
 */
export async function byPasskey(
  { ports }: Given,
  change: AuthenticatorChange,
  person: string,
  assertion: Assertion,
): Promise<Acceptance> {
  const known = await findAuthenticator(ports, person, assertion.authenticator);
  if (known === null)
    throw new WritError('refused', 'this is not one of your passkeys; use one you have added');
  const { publicJwk, rpId } = known.authenticator;
  const { origin } = relyingParty(ports.issuerUrl);
  const challenge = authenticatorChallenge(ports.sha256, change);
  believed(() => ports.verifyAssertion(assertion, { challenge, origin, rpId, publicJwk }));
  const expect: Expect = { kind: 'cell', cell: authenticatorCell(assertion.authenticator), is: 'active' };
  return { grounds: 'passkey', expect: [expect], consume: [], write: [] };
}

/** What `verify` finds. @throws WritError `verification-failed`, caused by what it found wrong */
export function believed<T>(verify: () => T): T {
  try {
    return verify();
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    throw new WritError('verification-failed', `the passkey is not believed: ${error.message}`, {
      cause: error,
    });
  }
}
