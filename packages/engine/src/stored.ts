import {
  type Credential,
  type Identity,
  type IssuerKey,
  type Json,
  type Reason,
  type Row,
  type StoredRow,
  WritError,
} from '@writ/core';

/**
 * Rows that the engine wrote itself, read back. Their JSON is ours, under the ledger's commitment or the key's seal, so it
 * is taken at its type; what does not even parse is `unavailable`.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names what it wrote
export function parse<T>(text: string, what: string): T {
  try {
    // INVARIANT: only this package writes these columns, from values of type T.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the invariant
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new WritError('unavailable', `the stored ${what} cannot be read`, { cause });
  }
}

export function identityJson({ attributes, entitlement, keys, ...identity }: Identity): Json {
  return {
    ...identity,
    attributes: { ...attributes },
    entitlement: { ...entitlement },
    keys: keys.map((key) => ({ ...key })),
  };
}

export function identityRow(identity: Identity): Row<'identities'> {
  const { name, uri, owner, kind } = identity;
  return { name, uri, owner, kind, body: JSON.stringify(identity) };
}

/** Identities by the row they were read from: a row that a store keeps in memory is read once. */
const identities = new WeakMap<StoredRow<'identities'>, Identity>();

export function readIdentity(row: StoredRow<'identities'>): Identity {
  const known = identities.get(row);
  if (known !== undefined) return known;
  const identity = parse<Identity>(row.body, 'identity');
  identities.set(row, identity);
  return identity;
}

export function credentialRow(credential: Credential): Row<'credentials'> {
  return {
    id: credential.id,
    run: credential.run,
    identity: credential.identity,
    right_id: credential.right,
    kid: credential.kid,
    holder: credential.holder,
    audience: credential.audience,
    state: credential.state,
    issued_at: credential.issuedAt,
    expires_at: credential.expiresAt,
    tbs_digest: credential.tbsDigest,
    body: JSON.stringify({
      freezeScopes: credential.freezeScopes,
      scopes: credential.scopes,
      subject: credential.subject,
      revision: credential.revision,
    }),
  };
}

export function readCredential(row: StoredRow<'credentials'>): Credential {
  const body = parse<Pick<Credential, 'freezeScopes' | 'scopes' | 'subject' | 'revision'>>(
    row.body,
    'credential',
  );
  return {
    ...body,
    id: row.id,
    run: row.run,
    identity: row.identity,
    right: row.right_id,
    kid: row.kid,
    holder: row.holder,
    audience: row.audience,
    state: stateOf(row.state),
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    tbsDigest: row.tbs_digest,
  };
}

const STATES = [
  'prepared',
  'issued',
  'delivered',
  'active',
  'superseded',
  'revoked',
  'expired',
  'destroyed',
] as const;

/** A state that is not known is a dead one (law 1). */
function stateOf(text: string): Credential['state'] {
  return STATES.find((state) => state === text) ?? 'destroyed';
}

export function readKey(row: StoredRow<'issuer_keys'>): IssuerKey {
  const states = ['prepared', 'active', 'retired'] as const;
  return {
    kid: row.kid,
    name: row.name,
    alg: row.alg,
    state: states.find((state) => state === row.state) ?? 'compromised',
    publicJwk: parse<IssuerKey['publicJwk']>(row.public_jwk, 'issuer key'),
    preparedAt: row.prepared_at,
    activatedAt: row.activated_at,
    retiredAt: row.retired_at,
  };
}

export interface StoredFiles {
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

export function readFiles(row: StoredRow<'artefact_sets'>): StoredFiles {
  return parse<StoredFiles>(row.body, 'artefact set');
}

/** What a decision's row keeps beside its columns. */
export interface DecisionBody {
  readonly reasons: readonly Reason[];
  readonly disclosed: boolean;
}

export function readDecisionBody(row: StoredRow<'decisions'>): DecisionBody {
  return parse<DecisionBody>(row.body, 'decision');
}
