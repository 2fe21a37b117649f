import {
  type Identity,
  type IssuanceRequest,
  KIND_ATTRIBUTES,
  NO_ENTITLEMENT,
  type Reason,
} from '@writ/core';
import { entitlementAfter } from '@writ/flow';
import type { AskedIdentity } from './runs.ts';

/** The revision of an identity that a request is for. */
export function proposalOf(
  asked: AskedIdentity,
  request: IssuanceRequest,
  before: Identity | null,
  trustDomain: string,
): Identity {
  const { identity: wanted } = asked;
  const revision = (before?.revision ?? 0) + 1;
  const uri = before?.uri ?? `spiffe://${trustDomain}/${wanted.kind}/${wanted.name}`;
  const proposal: Identity = {
    uri,
    name: wanted.name,
    kind: wanted.kind,
    status: 'active',
    owner: wanted.owner,
    deputy: wanted.deputy,
    purpose: wanted.purpose,
    environment: wanted.environment,
    expires: wanted.expires,
    revision,
    revisionReviewed: false,
    previouslyRevoked: before?.previouslyRevoked ?? false,
    attributes: wanted.attributes,
    entitlement: entitlementAfter(before?.entitlement ?? NO_ENTITLEMENT, request),
    keys: wanted.keys,
    boundSince: revision,
  };
  if (before === null || rebinds(before, proposal)) return proposal;
  return { ...proposal, boundSince: before.boundSince };
}

/** Another owner, another environment or another code identity: what was bound to the identity before is bound no more. */
function rebinds(before: Identity, after: Identity): boolean {
  return (
    before.owner !== after.owner ||
    before.environment !== after.environment ||
    before.uri !== after.uri ||
    JSON.stringify(before.keys) !== JSON.stringify(after.keys)
  );
}

/** What a request for an identity leaves out, all at once (S0.8). Empty where nothing is missing. */
export function missing({ identity, audience, scopes }: AskedIdentity): readonly Reason[] {
  const needed: readonly (readonly [string, boolean, string])[] = [
    ['identity.name', NAME.test(identity.name), 'a short name such as `svc-reporting`'],
    ['identity.owner', identity.owner !== '', 'who answers for it: `user:…` or `group:…`'],
    ['identity.deputy', identity.deputy !== '', 'who answers for it when the owner is away'],
    ['identity.purpose', identity.purpose.trim() !== '', 'what it is for'],
    ['identity.environment', identity.environment !== '', 'where it runs'],
    ['identity.expires', Number.isSafeInteger(identity.expires) && identity.expires > 0, 'when it ends'],
    ['request.audience', audience !== '', 'what it will talk to'],
    ['request.scopes', scopes.length > 0, 'what it may do there'],
    ...KIND_ATTRIBUTES[identity.kind].map((name): readonly [string, boolean, string] => [
      `identity.attributes.${name}`,
      identity.attributes[name] !== undefined,
      `an identity of kind ${identity.kind} has one`,
    ]),
  ];
  return needed
    .filter(([, there]) => !there)
    .map(
      ([rule, , help]): Reason => ({
        stage: 'request',
        rule,
        message: `\`${rule.slice(rule.indexOf('.') + 1)}\` is missing`,
        help,
      }),
    );
}

const NAME = /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/;
