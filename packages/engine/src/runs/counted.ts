import { covers, type Facts, type Issue } from '@writ/core';
import { type ArtefactSet, whoDecides } from '@writ/flow';
import type { VerifiedDecision } from './approvals.ts';

/** Ledger indexes of the approvals that an issuance rests on: of the rules that were met, by persons who may, over this very plan. */
export function countedApprovals(
  set: ArtefactSet,
  facts: Facts,
  { bounds, decidedBy }: Issue,
  plan: string,
  decisions: readonly VerifiedDecision[],
): readonly number[] {
  const rules = set.flows.get(bounds.flow.name)?.definition.approval ?? [];
  const counted = rules
    .filter(({ id }) => decidedBy.includes(`approval.${id}`))
    .flatMap(({ id, require }) => {
      const { persons } = whoDecides(set, facts, facts.openedAt, require);
      return decisions.filter(
        ({ rule, decision, person, digest, envelope }) =>
          rule === id &&
          decision === 'approve' &&
          persons.some((each) => each.id === person) &&
          (envelope === null ? digest === plan : covers(envelope, bounds)),
      );
    });
  return [...new Set(counted.map(({ index }) => index))].sort((a, b) => a - b);
}
