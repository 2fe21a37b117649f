import { covers, type Facts, type Issue } from '@writ/core';
import { type ArtefactSet, whoDecides } from '@writ/flow';
import type { VerifiedDecision } from './verified-decision.ts';

/**
 * Ledger indexes of the approvals that an issuance rests on: of the rules that were met, by persons who may, over this very
 * plan or an envelope around it. A person counts once for a rule, by what they gave last.
 */
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
    .flatMap(({ id, require, reuse }) => {
      const { persons } = whoDecides(set, facts, facts.openedAt, require);
      const given = decisions.filter(
        ({ rule, decision, person, digest, envelope }) =>
          rule === id &&
          decision === 'approve' &&
          persons.some((each) => each.id === person) &&
          (reuse === 'none') === (envelope === null) &&
          (envelope === null ? digest === plan : covers(envelope, bounds)),
      );
      return lastOfEach(given);
    });
  return [...new Set(counted.map(({ index }) => index))].sort((a, b) => a - b);
}

function lastOfEach(given: readonly VerifiedDecision[]): readonly VerifiedDecision[] {
  const inOrder = [...given].sort((a, b) => a.index - b.index);
  return [...new Map(inOrder.map((each) => [each.person, each])).values()];
}
