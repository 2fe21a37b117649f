import { unattended } from './rules/w001-unattended.js';
import { ttlOverBounds } from './rules/w003-ttl-over-bounds.js';
import { audience } from './rules/w004-audience.js';
import { selfApproval } from './rules/w005-self-approval.js';
import { underPinned } from './rules/w006-under-pinned.js';
import { nameWithoutId } from './rules/w007-name-without-id.js';
import { wildcard } from './rules/w008-wildcard.js';
import { deadRule } from './rules/w009-dead-rule.js';
import { unreachable } from './rules/w010-unreachable.js';
import { activation } from './rules/w011-activation.js';
import { delivery } from './rules/w012-delivery.js';
import { bearer } from './rules/w013-bearer.js';
import { validator } from './rules/w014-validator.js';
import { owner } from './rules/w015-owner.js';
import { tooFew } from './rules/w016-too-few.js';
import { offboarding } from './rules/w019-offboarding.js';
import { rotation } from './rules/w020-rotation.js';
import { review } from './rules/w021-review.js';
import { absencePermits } from './rules/w023-absence-permits.js';
import { downgrade } from './rules/w024-downgrade.js';
import { humanProof } from './rules/w025-human-proof.js';
import { form } from './rules/w032-form.js';
import { sharedKey } from './rules/w033-shared-key.js';
import { gap } from './rules/w034-gap.js';
import { lapse } from './rules/w035-lapse.js';
import { enforced } from './rules/w036-enforced.js';
/** The table of what is decided, in its order. */
export const LINT_RULES = [
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
//# sourceMappingURL=rules.js.map