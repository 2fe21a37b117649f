import { Datetime, Duration, formatDuration } from '@writ/core';
import { showValue } from '../../format/show-value.ts';
import { type Assess, fail, noCredential, pass } from './assessed.ts';

export const expiryWithin: Assess = ({ identity, now }, within) => {
  const end = showValue(new Datetime(identity.expires));
  if (!(identity.expires > now)) return fail(`the identity ended ${end}`);
  return identity.expires - now <= within * 1000
    ? pass(`the identity ends ${end}`)
    : fail(`the identity ends ${end}, later than ${formatDuration(within)} from now`);
};

export const lifetimeWithin: Assess = (context, within) => {
  const life = `the credential would live ${showValue(new Duration(context.ttl * 1000))}`;
  return (
    noCredential(context) ??
    (context.ttl <= within ? pass(life) : fail(`${life}, more than ${formatDuration(within)}`))
  );
};

/** What is gone before its review would come is not reviewed. */
export const reviewWithin: Assess = ({ flow }, within) => {
  const { reviewEvery, maxLifetime } = flow.definition.lifecycle;
  const reviewed = reviewEvery === null ? 'never reviewed' : `reviewed every ${formatDuration(reviewEvery)}`;
  const found = `it is ${reviewed} and lives ${formatDuration(maxLifetime)} at most`;
  return Math.min(reviewEvery ?? maxLifetime, maxLifetime) <= within
    ? pass(found)
    : fail(`${found}: neither is within ${formatDuration(within)}`);
};

export const revocationPath: Assess = (context) =>
  noCredential(context) ??
  (context.right === null
    ? fail('no right is used that would say how it is revoked')
    : pass(`right ${context.right.id}: revoked by ${context.right.revocation}`));

export const offboardingRevokes: Assess = ({ flow }) => {
  const { revokeOn } = flow.definition.lifecycle;
  const found = `the flow revokes on ${revokeOn.length === 0 ? 'nothing' : revokeOn.join(', ')}`;
  return revokeOn.includes('owner.offboarded') ? pass(found) : fail(found);
};

export const notRevokedBefore: Assess = ({ identity }) =>
  identity.previouslyRevoked
    ? fail('the identity has been revoked before')
    : pass('the identity has not been revoked before');
