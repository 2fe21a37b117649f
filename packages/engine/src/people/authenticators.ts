import { type Authenticator, authenticatorCell, type Row, type StoredRow, WritError } from '@writ/core';
import type { Ports } from '../ports.ts';
import { recorded } from '../runs/recorded.ts';

/** A passkey that may be used, with the leaf that recorded it. */
export interface KnownAuthenticator {
  readonly authenticator: Authenticator;
  /** ledger index */
  readonly entry: number;
}

type Reading = Pick<Ports, 'store' | 'sha256' | 'events' | 'issuerUrl'>;

/** More passkeys than anybody has. */
const MOST = 1_000;

/**
 * The active passkeys of a person, made on this origin. Rows only find them: each is what its leaf says, and what no leaf
 * says is none (E2).
 */
export async function authenticatorsOf(
  ports: Reading,
  person: string,
): Promise<readonly KnownAuthenticator[]> {
  const rows = await ports.store.read.rows('authenticators', {
    column: 'person',
    equals: person,
    limit: MOST,
  });
  const found = await Promise.all(rows.map((row) => readAuthenticator(ports, row)));
  const { origin } = new URL(ports.issuerUrl);
  return found
    .filter((known) => known !== null)
    .filter(({ authenticator }) => authenticator.person === person && authenticator.origin === origin);
}

/** The active passkey of this id and person, or null. */
export async function findAuthenticator(
  ports: Reading,
  person: string,
  id: string,
): Promise<KnownAuthenticator | null> {
  const row = await ports.store.read.row('authenticators', id);
  const known = row === null ? null : await readAuthenticator(ports, row);
  return known?.authenticator.person === person ? known : null;
}

async function readAuthenticator(
  ports: Reading,
  row: StoredRow<'authenticators'>,
): Promise<KnownAuthenticator | null> {
  if (row.state !== 'active') return null;
  const cell = authenticatorCell(row.id);
  if ((await ports.store.read.cells([cell]))[cell] !== 'active') return null;
  try {
    return await recordedAuthenticator(ports, row.id, row.entry);
  } catch (error) {
    if (!(error instanceof WritError) || error.code !== 'verification-failed') throw error;
    ports.events.failed({ what: `the passkey ${row.id}`, message: error.message });
    return null;
  }
}

/** @throws WritError `verification-failed` where the entry does not say that this passkey was added */
async function recordedAuthenticator(
  ports: Reading,
  id: string,
  entry: number | null,
): Promise<KnownAuthenticator> {
  const { index, timeMs, record } = await recorded(ports, entry);
  if (record.type !== 'person' || record.event !== 'authenticator-added' || record.authenticator.id !== id)
    throw new WritError('verification-failed', 'no leaf recorded this passkey; run `writ audit`');
  const { public_jwk: publicJwk, rp_id: rpId, origin, label } = record.authenticator;
  const { person } = record;
  return {
    entry: index,
    authenticator: { id, person, publicJwk, rpId, origin, label, state: 'active', addedAt: timeMs },
  };
}

export function authenticatorRow(authenticator: Authenticator): Row<'authenticators'> {
  const { id, person, state, addedAt } = authenticator;
  return { id, person, state, added_at: addedAt, body: JSON.stringify({ label: authenticator.label }) };
}
