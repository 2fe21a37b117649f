import { readPublicJwk } from './read-public-jwk.ts';
import type { PersonRecord, RecordAuthenticator, RecordCommon } from './record.ts';
import type { RecordFields } from './record-fields.ts';

/** Who may act besides persons: the operator's socket, and `writ dev`. */
const NOBODY_IN_PERSON = ['local', 'dev'];
const EVENTS = ['authenticator-added', 'authenticator-replaced', 'authenticator-lost', 'invited'] as const;
const GROUNDS = ['first-administrator', 'invitation', 'passkey', 'session', 'sample'] as const;

/**
 * The record of a `person` leaf. An authenticator is added whole; where it ends, its id is enough.
 *
 * @throws LedgerError `record-malformed`
 */
export function readPerson(common: Omit<RecordCommon<'person'>, 'type'>, f: RecordFields): PersonRecord {
  const event = f.oneOf('event', EVENTS);
  const told = {
    type: 'person' as const,
    ...common,
    person: f.person('person'),
    by: f.personOr('by', NOBODY_IN_PERSON),
    grounds: f.oneOf('grounds', GROUNDS),
  };
  switch (event) {
    case 'invited':
      return { ...told, event };
    case 'authenticator-added':
      return { ...told, event, authenticator: readAuthenticator(f.object('authenticator')) };
    case 'authenticator-replaced':
    case 'authenticator-lost':
      return { ...told, event, authenticator: readEnded(f.object('authenticator')) };
  }
}

function readAuthenticator(f: RecordFields): RecordAuthenticator {
  const authenticator = {
    id: f.base64url('id'),
    public_jwk: textsOnly(f),
    rp_id: f.text('rp_id'),
    origin: f.text('origin'),
    label: f.text('label'),
  };
  f.done();
  return authenticator;
}

function readEnded(f: RecordFields): Pick<RecordAuthenticator, 'id'> & Partial<RecordAuthenticator> {
  const ended = {
    id: f.base64url('id'),
    ...(f.has('public_jwk') ? { public_jwk: textsOnly(f) } : {}),
    ...(f.has('rp_id') ? { rp_id: f.text('rp_id') } : {}),
    ...(f.has('origin') ? { origin: f.text('origin') } : {}),
    ...(f.has('label') ? { label: f.text('label') } : {}),
  };
  f.done();
  return ended;
}

function textsOnly(f: RecordFields): Readonly<Record<string, string>> {
  const jwk = f.object('public_jwk');
  return readPublicJwk(Object.fromEntries(jwk.names().map((name) => [name, jwk.text(name)])));
}
