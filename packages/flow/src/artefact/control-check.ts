import type { FlowDefinition } from '../definition/definition.ts';
import { duration, type Shape, whole } from '../document/shape.ts';

/** What can be checked of a request, as policy packs name it. */
export interface CheckDeclaration {
  /** when it passes, in words */
  readonly means: string;
  /** the one number it is held to, by its name in the file; durations are in seconds */
  readonly bound: { readonly name: string; readonly shape: Shape<number> } | null;
  /** what it reads beside the facts: whoever compares two sets relies on it */
  readonly reads: readonly CheckReads[];
}

/** A member of a flow, or artefacts around it. */
export type CheckReads = keyof FlowDefinition<unknown> | 'anchors' | 'rights';

const WITHIN = { name: 'within', shape: duration };
/** Whether evidence was accepted: a match may name a fact. */
const ACCEPTED: readonly CheckReads[] = ['proof', 'anchors', 'facts'];

export const CHECK_NAMES = [
  'owner-and-deputy',
  'purpose-recorded',
  'kind-recorded',
  'ownership-proven',
  'expiry-within',
  'lifetime-within',
  'review-within',
  'revocation-path',
  'offboarding-revokes',
  'not-revoked-before',
  'scopes-within',
  'budget-set',
  'environment-matches',
  'assurance-at-least',
  'workload-identified',
  'sender-constrained',
  'no-human-delivery',
  'approval-by-another',
  'reviewer-demanded',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** The closed list of checks. */
export const CONTROL_CHECKS: Readonly<Record<CheckName, CheckDeclaration>> = {
  'owner-and-deputy': {
    means:
      'owner and deputy of the identity are recorded, somebody is behind each, and they are not one person',
    bound: null,
    reads: [],
  },
  'purpose-recorded': {
    means: 'the purpose of the identity is recorded',
    bound: null,
    reads: [],
  },
  'kind-recorded': {
    means:
      'what only its kind has is recorded: an agent its task, data sets and commands; an integration its partner, contact and egress; a device its serial and trust anchor',
    bound: null,
    reads: [],
  },
  'ownership-proven': {
    means:
      'for an identity that is registered or changed: a rule that permits holds its owner to what a fresh fact says',
    bound: null,
    reads: ['issues', 'policy', ...ACCEPTED],
  },
  'expiry-within': {
    means: 'the identity ends, no later than so long from now',
    bound: WITHIN,
    reads: [],
  },
  'lifetime-within': {
    means: 'the credential lives no longer than that',
    bound: WITHIN,
    reads: ['issues'],
  },
  'review-within': {
    means: 'what is issued is reviewed, or gone, within that',
    bound: WITHIN,
    reads: ['lifecycle'],
  },
  'revocation-path': {
    means: 'the right that is used says how a credential is revoked',
    bound: null,
    reads: ['issues', 'rights'],
  },
  'offboarding-revokes': {
    means: 'the flow revokes when the owner leaves',
    bound: null,
    reads: ['lifecycle'],
  },
  'not-revoked-before': {
    means: 'the identity has not been revoked before',
    bound: null,
    reads: [],
  },
  'scopes-within': {
    means: 'scopes are named, none of them is a pattern, and they are no more than that',
    bound: { name: 'most', shape: whole(1, 100) },
    reads: [],
  },
  'budget-set': {
    means: 'the right that is used bounds how many credentials are issued or alive',
    bound: null,
    reads: ['issues', 'rights'],
  },
  'environment-matches': {
    means: 'the identity is of a named environment, and request and evidence name no other',
    bound: null,
    reads: ACCEPTED,
  },
  'assurance-at-least': {
    means: 'every accepted evidence is of at least this assurance, and there is some',
    bound: { name: 'level', shape: whole(1, 3) },
    reads: ACCEPTED,
  },
  'workload-identified': {
    means: 'accepted evidence is matched by an immutable id, exactly: no pattern, no list',
    bound: null,
    reads: ['request', ...ACCEPTED],
  },
  'sender-constrained': {
    means: 'the flow demands that the credential is bound to a key',
    bound: null,
    reads: ['issues', 'bind'],
  },
  'no-human-delivery': {
    means: 'the credential is never visible to a person: not shown, and not delivered to a person who asks',
    bound: null,
    reads: ['issues', 'request', 'deliver'],
  },
  'approval-by-another': {
    means:
      'an approval is demanded of somebody, and the requester is excluded; a credential that needs none has its right',
    bound: null,
    reads: ['issues', 'approval', ...ACCEPTED],
  },
  'reviewer-demanded': {
    means: 'somebody of a group must approve, or has reviewed this revision of the identity',
    bound: null,
    reads: ['issues', 'approval', ...ACCEPTED],
  },
};
