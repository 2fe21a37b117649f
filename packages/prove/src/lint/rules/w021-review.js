import { formatDuration } from '@writ/core';
const DAY = 86_400;
/** Seconds that a credential of each tier may live without somebody looking at it again. */
const BOUNDS = [30 * DAY, 30 * DAY, 180 * DAY, 365 * DAY];
export const review = {
    id: 'W021',
    severity: 'warning',
    title: 'standing access that nobody looks at again',
    by: 'syntax',
    why: `What lives longer than 30 days (tier 0 and 1), 180 days (tier 2) or 365 days (tier 3), renewals counted, is reviewed that
often at least. What ends sooner needs no \`review-every\`.`,
    help: 'say `lifecycle.review-every`, or let it live less long',
    good: [
        `lifecycle:
  renewable: true
  review-every: 180d
  max-lifetime: 365d
  recover: none
  revoke-on: [owner.offboarded]`,
    ],
    bad: [
        `lifecycle:
  renewable: true
  max-lifetime: 365d
  recover: none
  revoke-on: [owner.offboarded]`,
    ],
    check: ({ definition: { lifecycle, tier } }) => {
        const { reviewEvery, maxLifetime } = lifecycle;
        const bound = BOUNDS[tier];
        if (maxLifetime <= bound || (reviewEvery !== null && reviewEvery <= bound))
            return [];
        const lives = `it lives up to ${formatDuration(maxLifetime)}`;
        const reviewed = reviewEvery === null ? 'never reviewed' : `reviewed every ${formatDuration(reviewEvery)}`;
        const rule = reviewEvery === null ? 'lifecycle' : 'lifecycle.review-every';
        return [{ rule, message: `${lives}, ${reviewed}; tier ${tier} asks for ${formatDuration(bound)}` }];
    },
};
//# sourceMappingURL=w021-review.js.map