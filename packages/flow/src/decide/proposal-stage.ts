import { type Entitlement, type FieldValue, type IssuanceRequest, NO_ENTITLEMENT } from '@writ/core';
import { type Check, reason } from './context.ts';
import { membersOf } from './people.ts';

/** Which list of an entitlement a request field adds to, and is bounded by. */
export const ENTITLED_FIELDS = {
  environment: 'environments',
  target: 'environments',
  environments: 'environments',
  data_sets: 'dataSets',
  commands: 'commands',
} as const;

/** What an identity may hold once this has been granted to it. */
export function entitlementAfter(before: Entitlement, request: IssuanceRequest): Entitlement {
  const more = (list: 'environments' | 'dataSets' | 'commands'): readonly string[] =>
    Object.entries(ENTITLED_FIELDS).flatMap(([field, name]) =>
      name === list && Object.hasOwn(request.fields, field) ? textsOf(request.fields[field]) : [],
    );
  return {
    audiences: union(before.audiences, [request.audience]),
    scopes: union(before.scopes, request.scopes),
    environments: union(before.environments, more('environments')),
    dataSets: union(before.dataSets, more('dataSets')),
    commands: union(before.commands, more('commands')),
  };
}

export function textsOf(value: FieldValue | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'object' ? value : [String(value)];
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])].sort();
}

/**
 * What is proposed for an identity is the next revision of what is registered, has people behind its owner and deputy, and
 * may hold no more than it held and now asks for.
 */
export const proposed: Check = ({ flow, facts, identity }) => {
  if (flow.definition.issues !== 'identity') return [];
  const { before, request, people } = facts;
  const reasons = [];
  for (const role of ['owner', 'deputy'] as const) {
    if (membersOf(people, identity[role]).length > 0) continue;
    const help = 'name a person or a group that has members';
    reasons.push(
      reason('request', `identity.${role}`, `nobody is behind the ${role}`, { value: identity[role], help }),
    );
  }
  if (identity.revision !== (before?.revision ?? 0) + 1)
    reasons.push(
      reason('request', 'identity.revision', 'the identity has changed since', { help: 'ask again' }),
    );
  if (
    before !== null &&
    (['name', 'uri', 'kind'] as const).some((fixed) => before[fixed] !== identity[fixed])
  )
    reasons.push(reason('request', 'identity', 'name, URI and kind of an identity never change'));
  const most = entitlementAfter(before?.entitlement ?? NO_ENTITLEMENT, request);
  const beyond = LISTS.flatMap((list) =>
    identity.entitlement[list].filter((each) => !most[list].includes(each)),
  );
  if (beyond.length > 0) {
    const message = 'the identity would hold more than is asked for';
    reasons.push(reason('request', 'identity.entitlement', message, { value: beyond.join(' ') }));
  }
  return reasons;
};

const LISTS = ['audiences', 'scopes', 'environments', 'dataSets', 'commands'] as const;
