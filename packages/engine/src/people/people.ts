import type { Assertion, Authenticator, Evidence, Person, Session } from '@writ/core';
import type { InForce } from '../in-force.ts';
import type { Ports } from '../ports.ts';
import type { Refusals } from '../refusal.ts';
import { authenticatorsOf } from './authenticators.ts';
import type { ChallengedChange } from './consent.ts';
import { type Invitation, invite, inviteFirst } from './invitations.ts';
import {
  addPasskey,
  addSamplePasskey,
  challengeChange,
  type NewPasskey,
  type PasskeyChallenge,
  replacePasskey,
  reportLoss,
} from './passkeys.ts';
import { type Profile, profileOf } from './profile.ts';
import type { Registration } from './registration.ts';
import { createSessions, type NotSignedIn, type SignedIn } from './sessions.ts';
import { createTerminals, type Polled, type TerminalCode } from './terminals.ts';

/**
 * Sign-ins and passkeys. Sessions and challenges are the state of Writ that no leaf records; every passkey is one.
 * Whatever is not the person's own is answered as if it did not exist (F8).
 */
export interface People {
  /**
   * Opens a session for the person whom verified evidence of the sign-in anchor is about; null where it is linked to nobody.
   * The token that it came with is spent.
   * @throws WritError `conflict` for a token that has signed in before
   */
  signIn(evidence: Evidence): Promise<SignedIn | null>;
  /**
   * Has the attestor of this anchor verify an ID token, and signs in with it. A token that it does not believe, that has
   * signed in before, or whose subject is nobody's: a reference, which says why to operators alone.
   * @throws WritError `unsupported` where there is no such anchor
   */
  signInWith(token: string, anchor: string): Promise<SignedIn | NotSignedIn>;
  /** The reference under which a sign-in that failed before there was a token can be explained. */
  refuseSignIn(message: string): string;
  /** The live session of a secret; null also when its person is no longer in the artefact set. */
  session(secret: string): Promise<Session | null>;
  signOut(session: Session): Promise<void>;
  /** With the groups that the sign-in gives them for as long as those last. */
  person(session: Session): Promise<Person | null>;
  /** null where the person is in the artefact set no more */
  profile(session: Session): Promise<Profile | null>;
  /** active ones of this origin, as leaves recorded them */
  authenticators(person: string): Promise<readonly Authenticator[]>;
  /** @throws WritError `unsupported` where the public URL has no host name, `unknown` for a passkey or person that is not there */
  challenge(session: Session, change: ChallengedChange): Promise<PasskeyChallenge>;
  /**
   * Adds a passkey, on the strength of an invitation or of one that the person has.
   * @throws WritError `conflict` for one that is known or a nonce that is spent, `refused`, `verification-failed`
   */
  addPasskey(session: Session, made: NewPasskey): Promise<Authenticator>;
  /** Adds a passkey in the place of another, which is active no more. @throws WritError as `addPasskey`, `unknown` */
  replacePasskey(session: Session, id: string, made: NewPasskey): Promise<Authenticator>;
  /** Ends a passkey. A loss only narrows, so the sign-in is enough. @throws WritError `unknown` */
  reportLoss(session: Session, id: string): Promise<void>;
  /**
   * A one-time link by which a person adds a passkey; by an administrator, with a passkey over `invited`.
   * @throws WritError `refused` for anybody else, `unknown`, `conflict`, `verification-failed`
   */
  invite(
    session: Session,
    asked: { person: string; nonce: string; assertion: Assertion },
  ): Promise<Invitation>;
  /**
   * The link for the first administrator, while nobody has a passkey.
   * @throws WritError `refused` once somebody has one or for whoever is no administrator, `unknown`
   */
  inviteFirst(person: string): Promise<Invitation>;
  /**
   * Records the software passkey of a sample person.
   * @throws WritError `refused` where the artefact set in force was not published by `writ dev`
   */
  addSample(
    person: string,
    label: string,
    register: (challenge: Uint8Array) => Registration,
  ): Promise<Authenticator>;
  /** Begins the sign-in of a terminal (RFC 8628 §3.2). */
  startTerminal(): Promise<TerminalCode>;
  /**
   * A signed-in person lets the terminal that shows this code in.
   * @throws WritError `unknown` for what is no code, `conflict` for one that was let in before
   */
  confirmTerminal(session: Session, userCode: string): Promise<void>;
  pollTerminal(deviceCode: string): Promise<Polled>;
}

export function createPeople(ports: Ports, inForce: InForce, refusals: Refusals): People {
  const sessions = createSessions(ports, inForce, refusals);
  const terminals = createTerminals(ports, sessions);
  const given = { ports, inForce, sessions };
  return {
    ...sessions,
    authenticators: async (person) =>
      (await authenticatorsOf(ports, person)).map(({ authenticator }) => authenticator),
    profile: (session) => profileOf(given, session),
    challenge: (session, change) => challengeChange(given, session, change),
    addPasskey: (session, made) => addPasskey(given, session, made),
    replacePasskey: (session, id, made) => replacePasskey(given, session, id, made),
    reportLoss: (session, id) => reportLoss(given, session, id),
    invite: (session, asked) => invite(given, session, asked),
    inviteFirst: (person) => inviteFirst(given, person),
    addSample: (person, label, register) => addSamplePasskey(given, person, label, register),
    startTerminal: async () => terminals.start(),
    confirmTerminal: (session, userCode) => terminals.confirm(session, userCode),
    pollTerminal: (deviceCode) => terminals.poll(deviceCode),
  };
}
