import {
  type Assertion,
  AUTHENTICATORS_CELL,
  type Expect,
  type Row,
  type Secret,
  type Session,
  type StoredRow,
  WritError,
  type Write,
} from '@writ/core';
import { rolesOf } from '@writ/flow';
import type { Ports } from '../ports.ts';
import { type Acceptance, byPasskey, spentNonce } from './consent.ts';
import { peopleOf } from './people-of.ts';
import { commitPersonEvent, type Given, type PersonEvent } from './person-commit.ts';
import { relyingParty } from './relying-party.ts';
import { openBody, sealedBody } from './sealed-row.ts';
import { drawSecret, secretId } from './secret-text.ts';

/** Milliseconds an invitation is open. */
const LIFE = 24 * 60 * 60_000;

/** A one-time link for one person to add one passkey. */
export interface Invitation {
  readonly person: string;
  /** what the link holds: 256 random bits, base64url */
  readonly secret: Secret<string>;
  /** milliseconds since the epoch */
  readonly expiresAt: number;
}

type InvitationGrounds = 'invitation' | 'first-administrator';
interface Body {
  readonly grounds: InvitationGrounds;
  /** where the link leads: it is good for no other installation's pages */
  readonly origin: string;
}

/** Only while nobody ever had a passkey. */
const NOBODY_YET: Expect = { kind: 'cell', cell: AUTHENTICATORS_CELL, is: null };

export async function invite(
  given: Given,
  session: Session,
  {
    person,
    nonce,
    assertion,
  }: { readonly person: string; readonly nonce: string; readonly assertion: Assertion },
): Promise<Invitation> {
  const spent = spentNonce(given, session, { event: 'invited', person }, nonce);
  const signed = { event: 'invited', person, nonce } as const;
  return commitInvited(given, person, 'invitation', async () => {
    await requireAdministrator(given, session);
    const accepted = await byPasskey(given, signed, session.person, assertion);
    return { ...accepted, by: session.person, consume: [spent, ...accepted.consume] };
  });
}

export async function inviteFirst(given: Given, person: string): Promise<Invitation> {
  const { ports, inForce } = given;
  return commitInvited(given, person, 'first-administrator', async () => {
    const set = await inForce.current();
    const listed = peopleOf(set).find(({ id }) => id === person);
    if (listed !== undefined && !rolesOf(set, listed).includes('administrator')) {
      throw new WritError(
        'refused',
        `\`${person}\` is no administrator: roles.yaml gives the role to a group they are in`,
      );
    }
    const cells = await ports.store.read.cells([AUTHENTICATORS_CELL]);
    if (cells[AUTHENTICATORS_CELL] !== null)
      throw new WritError('refused', 'somebody has a passkey already; an administrator invites others');
    return { grounds: 'first-administrator', by: 'local', expect: [NOBODY_YET], consume: [], write: [] };
  });
}

/**
 * That a link is open and for whoever is signed in. It is spent with what it lets happen.
 * @throws WritError `refused`, whatever is wrong with it
 */
export async function openInvitation(
  { ports }: Given,
  session: Session,
  secret: string,
): Promise<Acceptance> {
  const id = secretId(ports, secret);
  const row = await ports.store.read.row('invitations', id);
  const opened = row === null ? null : readInvitation(ports, row);
  const { origin } = relyingParty(ports.issuerUrl);
  if (
    opened === null ||
    opened.columns.state !== 'open' ||
    opened.columns.person !== session.person ||
    opened.body.origin !== origin ||
    ports.now() >= opened.columns.expires_at
  ) {
    throw new WritError(
      'refused',
      'this invitation is not open to you; ask an administrator for another one',
    );
  }
  const { columns, body } = opened;
  const first = body.grounds === 'first-administrator';
  return {
    grounds: body.grounds,
    expect: first ? [NOBODY_YET] : [],
    consume: [{ key: `invitation:${id}`, holder: null, until: columns.expires_at }],
    write: [{ kind: 'row', table: 'invitations', row: rowOf(ports, { ...columns, state: 'used' }, body) }],
  };
}

async function commitInvited(
  given: Given,
  person: string,
  grounds: InvitationGrounds,
  make: () => Promise<Acceptance & { readonly by: string }>,
): Promise<Invitation> {
  const { ports, inForce } = given;
  const { origin } = relyingParty(ports.issuerUrl);
  const secret = drawSecret(ports);
  const expiresAt = ports.now() + LIFE;
  const columns = { id: secretId(ports, secret.reveal()), person, state: 'open', expires_at: expiresAt };
  const row = rowOf(ports, columns, { grounds, origin });
  await commitPersonEvent(given, async (): Promise<PersonEvent> => {
    // Who may not invite is not told who is there.
    const accepted = await make();
    const { people } = await inForce.current();
    if (!people.some(({ id }) => id === person))
      throw new WritError('unknown', `there is no person \`${person}\``);
    const write: Write = { kind: 'row', table: 'invitations', row };
    return { ...accepted, event: 'invited', person, write: [...accepted.write, write] };
  });
  return { person, secret, expiresAt };
}

async function requireAdministrator({ inForce, sessions }: Given, session: Session): Promise<void> {
  const person = await sessions.person(session);
  const roles = person === null ? [] : rolesOf(await inForce.current(), person);
  if (!roles.includes('administrator'))
    throw new WritError('refused', 'only an administrator invites people');
}

type Columns = Omit<Row<'invitations'>, 'body'>;

function rowOf(ports: Ports, columns: Columns, { grounds, origin }: Body): Row<'invitations'> {
  return { ...columns, body: sealedBody(ports, 'invitations', columns, { grounds, origin }) };
}

function readInvitation(
  ports: Ports,
  { entry: _entry, body, ...columns }: StoredRow<'invitations'>,
): { readonly columns: Columns; readonly body: Body } {
  return { columns, body: openBody<Body>(ports, 'invitations', columns, body) };
}
