import {
  ARTEFACTS_MODE_CELL,
  type Assertion,
  AUTHENTICATORS_CELL,
  type Authenticator,
  type AuthenticatorEvent,
  authenticatorCell,
  authenticatorChallenge,
  canonicalJson,
  type Session,
  toHex,
  utf8,
  WritError,
} from '@writ/core';
import { authenticatorRow, authenticatorsOf, findAuthenticator } from './authenticators.ts';
import {
  type Acceptance,
  aboutOf,
  believed,
  byPasskey,
  type ChallengedChange,
  spentNonce,
} from './consent.ts';
import { openInvitation } from './invitations.ts';
import { commitPersonEvent, type Given, type Grounds, type PersonEvent } from './person-commit.ts';
import type { RegisteredPasskey, Registration } from './registration.ts';
import { relyingParty } from './relying-party.ts';
import { base64url } from './secret-text.ts';

/** What a page hands to the browser. Everything base64url but names. */
export interface PasskeyChallenge {
  /** single use, five minutes; what the page brings back */
  readonly nonce: string;
  /** for a new passkey: what it signs while it is made. For an invitation: what the inviter's passkey signs */
  readonly challenge: string;
  readonly rpId: string;
  /** opaque name of the person at the authenticator */
  readonly userId: string;
  readonly person: string;
  /** the person's passkeys: not to be made again, and those that may sign */
  readonly existing: readonly string[];
}

/** A passkey that somebody made, and why it may be theirs. */
export interface NewPasskey {
  readonly nonce: string;
  readonly registration: Registration;
  readonly label: string;
  readonly by: { readonly assertion: Assertion } | { readonly invitation: string };
}

/** @throws WritError `unsupported` or `unknown` */
export async function challengeChange(
  given: Given,
  session: Session,
  change: ChallengedChange,
): Promise<PasskeyChallenge> {
  const { ports } = given;
  const { rpId } = relyingParty(ports.issuerUrl);
  const { person } = session;
  if (change.event === 'authenticator-replaced') await own(given, session, change.id);
  const existing = await authenticatorsOf(ports, person);
  const nonce = ports.challenges.issue(aboutOf(session, change), ports.now());
  const about = { event: change.event, nonce, person: change.event === 'invited' ? change.person : person };
  return {
    nonce,
    challenge: base64url(authenticatorChallenge(ports.sha256, about)),
    rpId,
    userId: base64url(ports.sha256(utf8(`writ/user/1\n${person}`))),
    person,
    existing: existing.map(({ authenticator }) => authenticator.id),
  };
}

export async function addPasskey(given: Given, session: Session, made: NewPasskey): Promise<Authenticator> {
  return add(given, session, { event: 'authenticator-added' }, made);
}

/**
 * Adds the new passkey, then ends the old one: a leaf each, as a leaf says one thing. A crash between them leaves both, which
 * the person sees, and may report the old one.
 */
export async function replacePasskey(
  given: Given,
  session: Session,
  id: string,
  made: NewPasskey,
): Promise<Authenticator> {
  const old = await own(given, session, id);
  const added = await add(given, session, { event: 'authenticator-replaced', id }, made);
  await end(given, session, { ...old, state: 'replaced' }, 'passkey');
  return added;
}

export async function reportLoss(given: Given, session: Session, id: string): Promise<void> {
  await end(given, session, { ...(await own(given, session, id)), state: 'lost' }, 'session');
}

/** Nobody consents for a sample person: their passkey is software, and every leaf about it says so. */
export async function addSamplePasskey(
  given: Given,
  person: string,
  label: string,
  register: (challenge: Uint8Array) => Registration,
): Promise<Authenticator> {
  const { ports, inForce } = given;
  const challenge = ports.ids.salt();
  const passkey = registered(given, register(challenge), challenge);
  return commitAdded(given, async () => {
    const { people } = await inForce.current();
    const { dev, cell } = await inForce.mode();
    if (!dev) throw new WritError('refused', 'sample people are for `writ dev` alone');
    if (!people.some(({ id }) => id === person))
      throw new WritError('unknown', `there is no person \`${person}\``);
    return {
      person,
      by: 'dev',
      grounds: 'sample',
      passkey,
      label,
      expect: [{ kind: 'cell', cell: ARTEFACTS_MODE_CELL, is: cell }],
      consume: [],
      write: [],
    };
  });
}

async function add(
  given: Given,
  session: Session,
  change: ChallengedChange,
  { nonce, registration, label, by }: NewPasskey,
): Promise<Authenticator> {
  const { ports } = given;
  checkLabel(label);
  const spent = spentNonce(given, session, change, nonce);
  const about = { event: change.event, person: session.person, nonce };
  const passkey = registered(given, registration, authenticatorChallenge(ports.sha256, about));
  return commitAdded(given, async () => {
    const accepted =
      'assertion' in by
        ? await byPasskey(given, { ...about, id: passkey.id }, session.person, by.assertion)
        : await openInvitation(given, session, by.invitation);
    const { person } = session;
    const consume = [spent, ...accepted.consume];
    return { ...accepted, person, by: person, passkey, label, consume };
  });
}

interface Added extends Acceptance {
  readonly person: string;
  readonly by: string;
  readonly passkey: RegisteredPasskey;
  readonly label: string;
}

/** A passkey is known once: under its id, and by its key. */
async function commitAdded(given: Given, make: () => Promise<Added>): Promise<Authenticator> {
  const { ports } = given;
  const relying = relyingParty(ports.issuerUrl);
  const { authenticator } = await commitPersonEvent(given, async () => {
    const { person, by, grounds, passkey, label, expect, consume, write } = await make();
    const { id, publicJwk } = passkey;
    const [cell, keyCell] = [authenticatorCell(id), publicKeyCell(given, publicJwk)];
    const known = await ports.store.read.cells([cell, keyCell]);
    if (known[cell] !== null || known[keyCell] !== null)
      throw new WritError('conflict', 'this passkey is known already; make another one');
    const added: Authenticator = {
      id,
      person,
      publicJwk,
      label,
      ...relying,
      state: 'active',
      addedAt: ports.now(),
    };
    return {
      event: 'authenticator-added' as const,
      person,
      by,
      grounds,
      authenticator: { id, public_jwk: publicJwk, rp_id: relying.rpId, origin: relying.origin, label },
      added,
      expect: [
        ...expect,
        { kind: 'cell' as const, cell, is: null },
        { kind: 'cell' as const, cell: keyCell, is: null },
      ],
      consume,
      write: [
        ...write,
        { kind: 'cell' as const, cell, value: 'active' },
        { kind: 'cell' as const, cell: keyCell, value: id },
        { kind: 'cell' as const, cell: AUTHENTICATORS_CELL, value: 'some' },
        { kind: 'row' as const, table: 'authenticators' as const, row: authenticatorRow(added) },
      ],
    };
  }).then((event) => ({ authenticator: event.added }));
  return authenticator;
}

async function end(
  given: Given,
  session: Session,
  ended: Authenticator & { readonly state: 'replaced' | 'lost' },
  grounds: Grounds,
): Promise<void> {
  const { id, person, state } = ended;
  const cell = authenticatorCell(id);
  const event: AuthenticatorEvent = state === 'lost' ? 'authenticator-lost' : 'authenticator-replaced';
  await commitPersonEvent(given, async (): Promise<PersonEvent> => {
    await own(given, session, id);
    return {
      event,
      person,
      by: session.person,
      grounds,
      authenticator: { id },
      expect: [{ kind: 'cell', cell, is: 'active' }],
      consume: [],
      write: [
        { kind: 'cell', cell, value: state },
        { kind: 'row', table: 'authenticators', row: authenticatorRow(ended) },
      ],
    };
  });
}

/** An active passkey of whoever is signed in. @throws WritError `unknown`, also where it is somebody else's */
async function own({ ports }: Given, { person }: Session, id: string): Promise<Authenticator> {
  const known = await findAuthenticator(ports, person, id);
  if (known === null) throw new WritError('unknown', 'you have no such passkey');
  return known.authenticator;
}

function registered({ ports }: Given, registration: Registration, challenge: Uint8Array): RegisteredPasskey {
  const { rpId, origin } = relyingParty(ports.issuerUrl);
  return believed(() => ports.verifyRegistration(registration, { challenge, origin, rpId }));
}

/** Holds the id of the passkey with this public key (RFC 7638 §3, as the registration has its required members alone). */
function publicKeyCell({ ports }: Given, publicJwk: Readonly<Record<string, string>>): string {
  return `authenticator-key:${toHex(ports.sha256(utf8(canonicalJson({ ...publicJwk }))))}`;
}

const LABEL = /^[^\p{Cc}\p{Cf}\p{Cs}]{1,64}$/u;

/** It is shown in lists and stands in the ledger (L6). @throws WritError `invalid` */
function checkLabel(label: string): void {
  if (!LABEL.test(label) || label.trim() !== label)
    throw new WritError('invalid', 'call the passkey by 1 to 64 characters, without spaces around them');
}
