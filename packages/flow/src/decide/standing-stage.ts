import { IDENTITY_KINDS } from '@writ/core';
import { type Check, reason } from './context.ts';
import { ENTITLED_FIELDS, textsOf } from './proposal-stage.ts';

/** When the run was opened is known: everything that lapses is counted from it. */
export const opened: Check = ({ facts }) =>
  Number.isSafeInteger(facts.openedAt)
    ? []
    : [reason('request', 'run', 'nobody knows when this run was opened')];

/** The identity is registered, of a known kind, owned, active and not past its end. */
export const identityStands: Check = ({ identity, now }) => {
  if (identity.owner === '') return [reason('request', 'identity.owner', 'the identity has no owner')];
  if (!IDENTITY_KINDS.includes(identity.kind))
    return [reason('request', 'identity.kind', 'the identity is of no known kind')];
  if (identity.status !== 'active') {
    return [
      reason('request', 'identity.status', `the identity is ${identity.status}`, { help: 'ask its owner' }),
    ];
  }
  if (now < identity.expires) return [];
  return [
    reason('request', 'identity.expires', 'the identity has expired', { help: 'ask its owner to renew it' }),
  ];
};

/** The right is live, and covers the scopes. Identity, audience and flow are what it was found by. */
export const rightStands: Check = ({ right, facts, now }) => {
  if (right === null) return [];
  const rule = `right.${right.id}`;
  if (right.suspended)
    return [reason('request', rule, 'the right to issue this is suspended', { help: 'ask its owner' })];
  if (!(now < right.expires))
    return [reason('request', rule, 'the right to issue this has expired', { help: 'ask its owner' })];
  const beyond = facts.request.scopes.filter((scope) => !right.scopes.includes(scope));
  if (beyond.length === 0) return [];
  return [reason('request', rule, 'the right does not cover these scopes', { value: beyond.join(' ') })];
};

/** The request is within the widest the identity may hold; a proposal says what that will be. */
export const entitled: Check = ({ right, facts, identity: { entitlement } }) => {
  if (right === null) return [];
  const { request } = facts;
  const reasons = [];
  if (!entitlement.audiences.includes(request.audience)) {
    reasons.push(
      reason('request', 'entitlement.audiences', 'beyond what the identity may hold', {
        value: request.audience,
      }),
    );
  }
  const scopes = request.scopes.filter((scope) => !entitlement.scopes.includes(scope));
  if (scopes.length > 0) {
    reasons.push(
      reason('request', 'entitlement.scopes', 'beyond what the identity may hold', {
        value: scopes.join(' '),
      }),
    );
  }
  for (const [field, list] of Object.entries(ENTITLED_FIELDS)) {
    const asked = Object.hasOwn(request.fields, field) ? textsOf(request.fields[field]) : [];
    const beyond = asked.filter((member) => !entitlement[list].includes(member));
    if (beyond.length > 0) {
      reasons.push(
        reason('request', `entitlement.${list}`, 'beyond what the identity may hold', {
          value: beyond.join(' '),
        }),
      );
    }
  }
  return reasons;
};
