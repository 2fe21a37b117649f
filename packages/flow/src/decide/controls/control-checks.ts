import type { CheckName } from '../../artefact/control-check.ts';
import { kindRecorded, ownerAndDeputy, purposeRecorded } from './accountable.ts';
import { approvalByAnother, reviewerDemanded } from './agreement.ts';
import type { Assess } from './assessed.ts';
import {
  expiryWithin,
  lifetimeWithin,
  notRevokedBefore,
  offboardingRevokes,
  reviewWithin,
  revocationPath,
} from './ends.ts';
import { assuranceAtLeast, ownershipProven, workloadIdentified } from './evidence.ts';
import { noHumanDelivery, senderConstrained } from './hand-over.ts';
import { budgetSet, environmentMatches, scopesWithin } from './least-privilege.ts';

/** The check behind each name that a pack may use. */
export const ASSESS: Readonly<Record<CheckName, Assess>> = {
  'owner-and-deputy': ownerAndDeputy,
  'purpose-recorded': purposeRecorded,
  'kind-recorded': kindRecorded,
  'ownership-proven': ownershipProven,
  'expiry-within': expiryWithin,
  'lifetime-within': lifetimeWithin,
  'review-within': reviewWithin,
  'revocation-path': revocationPath,
  'offboarding-revokes': offboardingRevokes,
  'not-revoked-before': notRevokedBefore,
  'scopes-within': scopesWithin,
  'budget-set': budgetSet,
  'environment-matches': environmentMatches,
  'assurance-at-least': assuranceAtLeast,
  'workload-identified': workloadIdentified,
  'sender-constrained': senderConstrained,
  'no-human-delivery': noHumanDelivery,
  'approval-by-another': approvalByAnother,
  'reviewer-demanded': reviewerDemanded,
};
