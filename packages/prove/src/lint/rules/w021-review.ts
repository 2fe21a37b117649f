import { formatDuration } from '@writ/core';
import type { LintRule } from '../lint-rule.ts';

const DAY = 86_400;

/** Seconds that a credential may live and never be looked at again. */
const BRIEF = 30 * DAY;

/** Seconds between two reviews at most, by tier. */
const BOUNDS = [30 * DAY, 90 * DAY, 180 * DAY, 365 * DAY] as const;

export const review: LintRule = {
  id: 'W021',
  severity: 'warning',
  title: 'standing access that nobody looks at again',
  by: 'syntax',
  why: `What lives longer than 30 days, renewals counted, is reviewed: every 30 days at least in tier 0, 90 in tier 1, 180 in tier 2
and 365 in tier 3. What ends sooner needs no \`review-every\`.`,
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
    if (maxLifetime <= BRIEF || (reviewEvery !== null && reviewEvery <= bound)) return [];
    const lives = `it lives up to ${formatDuration(maxLifetime)}`;
    const reviewed =
      reviewEvery === null ? 'never reviewed' : `reviewed every ${formatDuration(reviewEvery)}`;
    const rule = reviewEvery === null ? 'lifecycle' : 'lifecycle.review-every';
    return [{ rule, message: `${lives}, ${reviewed}; tier ${tier} asks for ${formatDuration(bound)}` }];
  },
};
