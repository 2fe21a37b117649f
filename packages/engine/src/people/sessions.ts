import { EvidenceError } from '@writ/attest';
import {
  type Consume,
  type Evidence,
  type Person,
  type Reason,
  type Row,
  type Secret,
  type Session,
  type StoredRow,
  WritError,
  type Write,
} from '@writ/core';
import { type ArtefactSet, evidenceKey, personOfEvidence } from '@writ/flow';
import type { InForce } from '../in-force.ts';
import type { Ports } from '../ports.ts';
import type { Refusals } from '../refusal.ts';
import { readEvidence, type StoredEvidence, storedEvidence } from '../runs/stored-value.ts';
import { groupsByClaim } from './groups-by-claim.ts';
import { peopleOf } from './people-of.ts';
import { openBody, sealedBody } from './sealed-row.ts';
import { drawSecret, secretId } from './secret-text.ts';

/** Milliseconds a sign-in lasts. */
const LIFE = 60 * 60_000;
/** How long after its end a token's use is remembered, for clocks that differ: milliseconds. */
const SKEW = 120_000;

export interface SignedIn {
  /** what the browser or terminal holds: 256 random bits, base64url */
  readonly secret: Secret<string>;
  readonly session: Session;
}

/** Nobody learns why but whoever may have the reference explained (law 14). */
export interface NotSignedIn {
  readonly reference: string;
}

export interface Sessions {
  signIn(evidence: Evidence): Promise<SignedIn | null>;
  signInWith(token: string, anchor: string): Promise<SignedIn | NotSignedIn>;
  refuseSignIn(message: string): string;
  session(secret: string): Promise<Session | null>;
  signOut(session: Session): Promise<void>;
  person(session: Session): Promise<Person | null>;
  /**
   * A session of the same sign-in, for a terminal, and the row that makes it one: it ends no later, and with it. Null where
   * there is no such session, or it has ended.
   */
  follow(id: string): Promise<{ readonly signedIn: SignedIn; readonly write: Write } | null>;
}

export function createSessions(ports: Ports, inForce: InForce, refusals: Refusals): Sessions {
  const refuseSignIn = (message: string, value?: string): string => {
    const reason: Reason = { stage: 'proof', rule: 'sign-in', message, value };
    return refusals.record({ identity: '', run: null, reasons: [reason], disclosed: false }, null);
  };

  const open = (
    evidence: Evidence,
    person: string,
    at: { signedInAt: number; expiresAt: number },
    follows: string | null,
  ) => {
    const secret = drawSecret(ports);
    const id = secretId(ports, secret.reveal());
    const signed = { ...evidence, signIn: id, expiresAt: at.expiresAt };
    const session: Session = { id, person, evidence: signed, ...at };
    const write: Write = { kind: 'row', table: 'sessions', row: rowOf(ports, { session, follows }, 'open') };
    return { signedIn: { secret, session }, write };
  };

  const linked = (
    set: ArtefactSet,
    { person, evidence }: Pick<Session, 'person' | 'evidence'>,
  ): Person | null => {
    const found = personOfEvidence(peopleOf(set), evidence);
    return found?.id === person ? found : null;
  };

  /** As it was opened, where neither it nor the one that it follows has ended and its person is still linked. */
  const live = async (id: string): Promise<Opened | null> => {
    const row = await ports.store.read.row('sessions', id);
    const opened = row === null ? null : readSession(ports, row);
    if (opened === null || ports.now() >= opened.session.expiresAt) return null;
    if (linked(await inForce.current(), opened.session) === null) return null;
    return opened.follows === null || (await live(opened.follows)) !== null ? opened : null;
  };

  const verified = async (name: string, token: string): Promise<Evidence> => {
    const anchor = (await inForce.current()).anchors.get(name);
    if (anchor === undefined)
      throw new WritError('unsupported', `people cannot sign in: there is no anchor \`${name}\``);
    return ports.attestor.verify(token, anchor, 'subject', ports.now());
  };

  const signIn = async (evidence: Evidence): Promise<SignedIn | null> => {
    const set = await inForce.current();
    const found = personOfEvidence(peopleOf(set), evidence);
    const now = ports.now();
    const consume = [spent(set, evidence)];
    if (found === null) {
      await ports.store.commit({ expect: [], consume, append: null, write: [] });
      return null;
    }
    const { signedIn, write } = open(evidence, found.id, { signedInAt: now, expiresAt: now + LIFE }, null);
    const result = await ports.store.commit({ expect: [], consume, append: null, write: [write] });
    if (result.outcome === 'lost')
      throw new WritError('conflict', 'this sign-in was used before; sign in again');
    ports.events.signedIn({ person: found.id, anchor: evidence.anchor });
    return signedIn;
  };

  return {
    signIn,
    refuseSignIn,
    signInWith: async (token, name) => {
      try {
        const evidence = await verified(name, token);
        const signedIn = await signIn(evidence);
        if (signedIn !== null) return signedIn;
        return { reference: refuseSignIn('nobody in people.yaml has this subject', subjectOf(evidence)) };
      } catch (error) {
        const known =
          error instanceof EvidenceError || (error instanceof WritError && error.code === 'conflict');
        if (!known) throw error;
        return { reference: refuseSignIn(error.message) };
      }
    },
    session: async (secret) => (await live(secretId(ports, secret)))?.session ?? null,
    signOut: async ({ id }) => {
      const opened = await live(id);
      if (opened === null) return;
      const row = rowOf(ports, opened, 'ended');
      await ports.store.commit({
        expect: [],
        consume: [],
        append: null,
        write: [{ kind: 'row', table: 'sessions', row }],
      });
    },
    person: async (session) => {
      const set = await inForce.current();
      const person = linked(set, session);
      if (person === null) return null;
      const claimed = groupsByClaim(set, session, ports.now());
      return { ...person, groups: [...new Set([...person.groups, ...claimed])] };
    },
    follow: async (id) => {
      const opened = await live(id);
      if (opened === null) return null;
      const { evidence, person, signedInAt, expiresAt } = opened.session;
      // Of the browser's, whoever confirmed: no chain of terminals grows.
      return open(evidence, person, { signedInAt, expiresAt }, opened.follows ?? id);
    },
  };
}

/** What a sign-in spends, under the name that an issuance would spend it by: a token is used for one of them, once. */
function spent(set: ArtefactSet, { anchor, issuer, tokenId, digest, expiresAt }: Evidence): Consume {
  const once = set.anchors.get(anchor)?.replay !== 'first-key';
  const key = once && tokenId !== null ? evidenceKey(issuer, tokenId) : `first-key ${digest}`;
  return { key, holder: null, until: expiresAt + SKEW };
}

type State = 'open' | 'ended';

/** A session with the one that it follows: id, or null for one of a browser. */
interface Opened {
  readonly session: Session;
  readonly follows: string | null;
}

interface Body {
  readonly evidence: StoredEvidence;
  readonly follows: string | null;
}

function rowOf(ports: Ports, { session, follows }: Opened, state: State): Row<'sessions'> {
  const { id, person, evidence, signedInAt, expiresAt } = session;
  const columns = {
    id,
    person,
    subject: subjectOf(evidence),
    state,
    signed_in_at: signedInAt,
    expires_at: expiresAt,
  };
  return {
    ...columns,
    body: sealedBody(ports, 'sessions', columns, { evidence: storedEvidence(evidence), follows }),
  };
}

function subjectOf({ issuer, claims }: Evidence): string {
  const claimed = claims['subject'] ?? claims['sub'];
  return typeof claimed === 'string' ? `${issuer}#${claimed}` : '';
}

/** A sign-in that was not ended by its person, whether or not its session lives. */
export function readSignIn(ports: Ports, row: StoredRow<'sessions'>): Session | null {
  return readSession(ports, row)?.session ?? null;
}

function readSession(
  ports: Ports,
  { entry: _entry, body, ...columns }: StoredRow<'sessions'>,
): Opened | null {
  const { evidence, follows } = openBody<Body>(ports, 'sessions', columns, body);
  if (columns.state !== 'open') return null;
  return {
    follows,
    session: {
      id: columns.id,
      person: columns.person,
      evidence: readEvidence(evidence),
      signedInAt: columns.signed_in_at,
      expiresAt: columns.expires_at,
    },
  };
}
