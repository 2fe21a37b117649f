import type { Facts } from '@writ/core';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import { contextOf, isSignedIn } from './decide.ts';
import { identifies } from './proof-stage.ts';

/**
 * Whether whoever asks has shown to be somebody the flow is for (law 14): before that nobody else is asked anything on
 * their behalf, and nothing is told. Facts of sources are not needed for it.
 */
export function identified(artefacts: ArtefactSet, facts: Facts, now: number): boolean {
  const flow = artefacts.flows.get(facts.request.flow);
  const right = artefacts.rights.get(facts.request.right) ?? null;
  if (flow === undefined || facts.identity === null) return false;
  const { proofs } = contextOf(artefacts, flow, right, facts.identity, facts, now);
  return identifies(artefacts, proofs) || isSignedIn(facts);
}
