import type { LintRule } from './lint-rule.ts';
import { unattended } from './rules/w001-unattended.ts';
import { ttlOverBounds } from './rules/w003-ttl-over-bounds.ts';
import { audience } from './rules/w004-audience.ts';
import { selfApproval } from './rules/w005-self-approval.ts';
import { underPinned } from './rules/w006-under-pinned.ts';
import { nameWithoutId } from './rules/w007-name-without-id.ts';
import { wildcard } from './rules/w008-wildcard.ts';
import { deadRule } from './rules/w009-dead-rule.ts';
import { unreachable } from './rules/w010-unreachable.ts';
import { activation } from './rules/w011-activation.ts';
import { delivery } from './rules/w012-delivery.ts';
import { bearer } from './rules/w013-bearer.ts';
import { validator } from './rules/w014-validator.ts';
import { owner } from './rules/w015-owner.ts';
import { tooFew } from './rules/w016-too-few.ts';
import { offboarding } from './rules/w019-offboarding.ts';
import { rotation } from './rules/w020-rotation.ts';
import { review } from './rules/w021-review.ts';
import { absencePermits } from './rules/w023-absence-permits.ts';
import { downgrade } from './rules/w024-downgrade.ts';
import { humanProof } from './rules/w025-human-proof.ts';
import { form } from './rules/w032-form.ts';
import { sharedKey } from './rules/w033-shared-key.ts';
import { gap } from './rules/w034-gap.ts';
import { lapse } from './rules/w035-lapse.ts';
import { enforced } from './rules/w036-enforced.ts';

/** The table of what is decided, in its order. */
export const LINT_RULES: readonly LintRule[] = [
  unattended,
  ttlOverBounds,
  audience,
  selfApproval,
  underPinned,
  nameWithoutId,
  wildcard,
  deadRule,
  unreachable,
  activation,
  delivery,
  bearer,
  validator,
  owner,
  tooFew,
  offboarding,
  rotation,
  review,
  absencePermits,
  downgrade,
  humanProof,
  form,
  sharedKey,
  gap,
  lapse,
  enforced,
];
