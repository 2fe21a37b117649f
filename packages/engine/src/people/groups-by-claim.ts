import type { Session, Value } from '@writ/core';
import type { ArtefactSet } from '@writ/flow';

/** The groups that are one claim of the identity provider, which a sign-in gives for the group's `max-age`. */
export function groupsByClaim(
  { groups }: Pick<ArtefactSet, 'groups'>,
  { evidence, signedInAt }: Session,
  now: number,
): readonly string[] {
  return [...groups.values()]
    .filter(
      ({ claim }) =>
        claim !== null &&
        claim.anchor === evidence.anchor &&
        now - signedInAt < claim.maxAge * 1000 &&
        holds(evidence.claims[claim.name], claim.value),
    )
    .map(({ id }) => id);
}

function holds(claimed: Value | undefined, value: string): boolean {
  return claimed === value || (Array.isArray(claimed) && claimed.includes(value));
}
