import type { Row } from '@writ/core';
import type { VerifiedDecision } from './verified-decision.ts';

type Named = Pick<
  VerifiedDecision,
  'run' | 'identity' | 'rule' | 'person' | 'decision' | 'digest' | 'envelope'
>;

/**
 * The columns by which a decision's row finds its entry; what counts is the entry. Only what stands is found by its
 * identity: approvals of one run's plan pile up, and no other run asks for them.
 */
export function decisionColumns({
  run,
  identity,
  rule,
  person,
  decision,
  digest,
  envelope,
}: Named): Omit<Row<'approvals'>, 'at' | 'body'> {
  const id = decision === 'deny' ? `${run}/deny` : `${run}/${rule}/${person}`;
  return { id, run, identity: envelope === null ? '' : identity, rule, person, decision, digest };
}
