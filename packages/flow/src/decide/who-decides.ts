import type { Facts, Obligation, Person } from '@writ/core';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import { eligiblePersons } from './approval-stage.ts';
import { accepted } from './context.ts';
import { contextOf } from './decide.ts';
import { personOfEvidence } from './people.ts';

/** Whom an obligation waits for. */
export interface Deciders {
  /** `user:…` or `group:…`, or null where nobody is known to be it */
  readonly assignee: string | null;
  /** who may, after exclusions */
  readonly persons: readonly Person[];
  /** why nobody may, or null */
  readonly problem: string | null;
}

/** Who may meet `obligation` of the run that `facts` are about, as of `now` (milliseconds since the epoch). */
export function whoDecides(
  artefacts: ArtefactSet,
  facts: Facts,
  now: number,
  { from, not }: Pick<Obligation, 'from' | 'not'>,
): Deciders {
  const nobody = { assignee: null, persons: [], problem: 'nothing is known of this run' };
  const flow = artefacts.flows.get(facts.request.flow);
  const right = artefacts.rights.get(facts.request.right) ?? null;
  if (flow === undefined || facts.identity === null) return nobody;
  const context = contextOf(artefacts, flow, right, facts.identity, facts, now);
  const { persons, problem } = eligiblePersons(context, from, not);
  if (from === 'owner') return { assignee: (facts.before ?? facts.identity).owner, persons, problem };
  if (!from.startsWith('proof:')) return { assignee: from, persons, problem };
  const proof = accepted(context).find((each) => `proof:${each.proof.id}` === from);
  const person = proof === undefined ? null : personOfEvidence(facts.people, proof.evidence);
  return { assignee: person?.id ?? null, persons, problem };
}
