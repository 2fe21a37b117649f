import { formatDuration } from '@writ/core';
export const rotation = {
    id: 'W020',
    severity: 'error',
    title: 'a rotation that never ends the old one, or comes too late',
    by: 'syntax',
    why: `Old and new live side by side for \`overlap\`: without it, or where it is no shorter than the time between two rotations,
the old one never ends. A rotation due later than \`max-lifetime\` never happens. That a renewal proves again what the first issuance
proved needs no rule: it is a run like any other.`,
    help: 'say `overlap`, shorter than `rotate-every`, and rotate within `max-lifetime`',
    good: [
        `lifecycle:
  renewable: false
  rotate-every: 3m
  overlap: 1m
  max-lifetime: 5m
  recover: none
  revoke-on: [owner.offboarded]`,
    ],
    bad: [
        `lifecycle:
  renewable: false
  rotate-every: 3m
  max-lifetime: 5m
  recover: none
  revoke-on: [owner.offboarded]`,
    ],
    check: ({ definition: { lifecycle } }) => {
        const { rotateEvery, overlap, maxLifetime } = lifecycle;
        if (rotateEvery === null)
            return [];
        const rule = { rule: 'lifecycle.rotate-every' };
        if (overlap === null)
            return [{ ...rule, message: 'nothing says when the old one ends after a rotation' }];
        const late = rotateEvery > maxLifetime;
        const message = late
            ? `due after ${formatDuration(rotateEvery)}, when ${formatDuration(maxLifetime)} have ended it`
            : `the old one lives on for ${formatDuration(overlap)}, until the next rotation`;
        return late || overlap >= rotateEvery ? [{ ...rule, message }] : [];
    },
};
//# sourceMappingURL=w020-rotation.js.map