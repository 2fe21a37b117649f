import type { Authenticator, Evidence, Person, Secret, Session } from '@writ/core';

/** Sign-ins and passkeys. Sessions and challenges are the state of Writ that no leaf records; every passkey is one. */
export interface People {
  /** Opens a session for the person whom verified evidence of the sign-in anchor is about; null where it is linked to nobody. */
  signIn(evidence: Evidence): Promise<SignedIn | null>;
  /** The live session of a secret; null also when its person is no longer in the artefact set. */
  session(secret: string): Promise<Session | null>;
  signOut(session: Session): Promise<void>;
  person(session: Session): Promise<Person | null>;
  /** active ones */
  authenticators(person: string): Promise<readonly Authenticator[]>;
}

export interface SignedIn {
  /** what the browser or terminal holds: 256 random bits, base64url */
  readonly secret: Secret<string>;
  readonly session: Session;
}
