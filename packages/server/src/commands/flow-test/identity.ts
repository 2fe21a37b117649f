import {
  type Entitlement,
  IDENTITY_KINDS,
  IDENTITY_STATUSES,
  type Identity,
  type IssuanceRequest,
  type Json,
  KIND_ATTRIBUTES,
  NO_ENTITLEMENT,
  parseInstant,
  WritError,
} from '@writ/core';
import { entitlementAfter } from '@writ/flow';
import { membersOf, type Situation } from './situation.ts';

const ATTRIBUTES = new Set<string>(Object.values(KIND_ATTRIBUTES).flat());
const YEAR = 365 * 86_400_000;

/**
 * The identity of a situation: the registered one of that name with what the situation says over it, or a new one, which
 * may hold what the fixture asks for unless `entitlement` says otherwise.
 * @throws WritError `invalid`
 */
export function identityOf(
  { identity: given, now }: Situation,
  registered: readonly Identity[],
  asked: IssuanceRequest,
  trustDomain: string,
): Identity {
  const { id, ...over } = given;
  if (typeof id !== 'string') throw new WritError('invalid', '`identity.id` names the identity');
  const known = registered.find(({ name }) => name === id);
  const kind = IDENTITY_KINDS.find((each) => each === (over['kind'] ?? known?.kind));
  if (kind === undefined)
    throw new WritError(
      'invalid',
      `\`${id}\` is not registered in the directory: give \`identity.kind\`, one of ${IDENTITY_KINDS.join(', ')}`,
    );
  const base: Identity = known ?? {
    uri: `spiffe://${trustDomain}/${kind}/${id}`,
    name: id,
    kind,
    status: 'active',
    owner: '',
    deputy: '',
    purpose: 'a flow test',
    environment: 'production',
    expires: now + YEAR,
    revision: 1,
    revisionReviewed: false,
    previouslyRevoked: false,
    attributes: {},
    entitlement: entitlementAfter(NO_ENTITLEMENT, asked),
    keys: [],
    boundSince: 1,
  };
  const identity = Object.entries(over).reduce((so, [name, value]) => withMember(so, name, value), {
    ...base,
    kind,
  });
  if (identity.owner === '')
    throw new WritError('invalid', `\`${id}\` is not registered: give \`identity.owner\``);
  return identity.deputy === '' ? { ...identity, deputy: identity.owner } : identity;
}

function withMember(identity: Identity, name: string, value: Json): Identity {
  const path = `identity.${name}`;
  if (ATTRIBUTES.has(name))
    return {
      ...identity,
      attributes: {
        ...identity.attributes,
        [name]: Array.isArray(value) ? texts(path, value) : text(path, value),
      },
    };
  switch (name) {
    case 'owner':
    case 'deputy':
    case 'purpose':
    case 'environment':
    case 'uri':
      return { ...identity, [name]: text(path, value) };
    case 'kind':
      return identity;
    case 'status':
      return { ...identity, status: statusOf(path, value) };
    case 'revision_reviewed':
      return { ...identity, revisionReviewed: flag(path, value) };
    case 'previously_revoked':
      return { ...identity, previouslyRevoked: flag(path, value) };
    case 'expires': {
      const expires = parseInstant(text(path, value));
      if (expires === null)
        throw new WritError('invalid', `\`${path}\` is a time such as 2027-06-30T00:00:00Z`);
      return { ...identity, expires };
    }
    case 'entitlement':
      return { ...identity, entitlement: entitlementOf(path, value) };
    default:
      throw new WritError('invalid', `an identity has no \`${name}\` that a test can give`);
  }
}

function entitlementOf(path: string, value: Json): Entitlement {
  const given = membersOf(path, value);
  const of = (name: string): readonly string[] => texts(`${path}.${name}`, given[name] ?? []);
  return {
    audiences: of('audiences'),
    scopes: of('scopes'),
    environments: of('environments'),
    dataSets: of('data-sets'),
    commands: of('commands'),
  };
}

function statusOf(path: string, value: Json): Identity['status'] {
  const status = IDENTITY_STATUSES.find((each) => each === value);
  if (status === undefined)
    throw new WritError('invalid', `\`${path}\` is one of ${IDENTITY_STATUSES.join(', ')}`);
  return status;
}

function flag(path: string, value: Json): boolean {
  if (typeof value !== 'boolean') throw new WritError('invalid', `\`${path}\` is true or false`);
  return value;
}

/** @throws WritError `invalid` for anything but a text */
export function text(path: string, value: Json | undefined): string {
  if (typeof value !== 'string') throw new WritError('invalid', `\`${path}\` is a text`);
  return value;
}

/** @throws WritError `invalid` for anything but a list of texts */
export function texts(path: string, value: Json | undefined): readonly string[] {
  if (!Array.isArray(value)) throw new WritError('invalid', `\`${path}\` is a list of texts`);
  return value.map((each: Json) => text(path, each));
}
