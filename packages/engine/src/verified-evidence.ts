import { EvidenceError } from '@writ/attest';
import type { Evidence, Reason } from '@writ/core';
import type { ArtefactSet } from '@writ/flow';
import type { Asked } from './asked.ts';
import type { Ports } from './ports.ts';

export type Verified = { readonly evidence: readonly Evidence[] } | { readonly failure: Reason };

/**
 * Turns the presented tokens into evidence. The anchor is one of the artefact set's, found by the token's unverified
 * issuer; for an issuer that is none of them nothing is fetched.
 */
export async function verifyEvidence(
  ports: Ports,
  set: ArtefactSet,
  asked: Asked,
  now: number,
): Promise<Verified> {
  const evidence: Evidence[] = [];
  for (const { token, role } of asked.tokens) {
    const issuer = ports.untrustedIssuer(token);
    const anchor = [...set.anchors.values()].find((each) => each.issuer !== '' && each.issuer === issuer);
    if (anchor === undefined)
      return { failure: failure(role, 'no anchor believes this issuer', 'iss', issuer) };
    try {
      evidence.push(await ports.attestor.verify(token, anchor, role, now));
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      return { failure: failure(role, `${error.code}: ${error.message}`, error.claim, error.value) };
    }
  }
  return { evidence };
}

function failure(role: string, message: string, claim?: string, value?: string | null): Reason {
  return { stage: 'proof', rule: `evidence.${role}`, message, claim, value: value ?? undefined };
}
