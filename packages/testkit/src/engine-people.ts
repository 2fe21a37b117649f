import { hash } from 'node:crypto';
import {
  type Assertion,
  type AuthenticatorEvent,
  authenticatorChallenge,
  type Evidence,
  type Session,
} from '@writ/core';
import type { Engine, NewPasskey, SignedIn } from '@writ/engine';
import type { EngineHouse } from './engine-house.ts';
import { personEvidence, sha256 } from './facts.ts';
import { type PersonId, SUBJECTS } from './people-world.ts';
import { createSoftwarePasskey, type SoftwarePasskey } from './software-passkey.ts';

/** Where the example says that it is. */
export const SITE = { rpId: 'localhost', origin: 'http://localhost:8420' } as const;

let signIns = 0;

/** What the identity provider says of a person who has just signed in; `changes` over it. */
export function signInEvidence(
  { clock }: Pick<EngineHouse, 'clock'>,
  person: PersonId,
  changes: Partial<Evidence> = {},
): Evidence {
  signIns += 1;
  const now = clock.now();
  const fresh = {
    tokenId: `sign-in ${signIns}`,
    digest: hash('sha256', `sign-in ${signIns}`),
    issuedAt: now,
    expiresAt: now + 300_000,
  };
  return personEvidence(SUBJECTS[person], { ...fresh, ...changes });
}

/** Signs a person in. */
export async function signedIn(house: EngineHouse, person: PersonId): Promise<SignedIn> {
  const opened = await house.engine.people.signIn(signInEvidence(house, person));
  if (opened === null) throw new Error(`${person} is linked to nobody`);
  return opened;
}

/** A passkey in software for the example's site. */
export function passkeyOf(seed?: string): SoftwarePasskey {
  return createSoftwarePasskey(seed === undefined ? SITE : { ...SITE, seed });
}

/** What a page sends to add `passkey`, over a fresh challenge. */
export async function newPasskey(
  { people }: Engine,
  session: Session,
  passkey: SoftwarePasskey,
  by: (nonce: string) => NewPasskey['by'],
  replaces?: string,
): Promise<NewPasskey> {
  const change =
    replaces === undefined
      ? ({ event: 'authenticator-added' } as const)
      : ({ event: 'authenticator-replaced', id: replaces } as const);
  const { nonce, challenge } = await people.challenge(session, change);
  const registration = passkey.register(Buffer.from(challenge, 'base64url'));
  return { nonce, registration, label: 'a passkey', by: by(nonce) };
}

/** What a passkey signs when passkeys change. */
export function signChange(
  passkey: SoftwarePasskey,
  change: { event: AuthenticatorEvent; person: string; nonce: string; id?: string },
): Assertion {
  return passkey.assert(authenticatorChallenge(sha256, change));
}

/** The first administrator, with a passkey that came by the one-time link. */
export async function firstAdministrator(
  house: EngineHouse,
  person: PersonId = 'user:ana',
): Promise<{ readonly session: Session; readonly passkey: SoftwarePasskey }> {
  const { people } = house.engine;
  const { session } = await signedIn(house, person);
  const { secret } = await people.inviteFirst(person);
  const passkey = passkeyOf();
  await people.addPasskey(
    session,
    await newPasskey(house.engine, session, passkey, () => ({ invitation: secret.reveal() })),
  );
  return { session, passkey };
}
