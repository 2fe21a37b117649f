import { EvidenceError } from '@writ/attest';
import { type Anchor, type Evidence, type EvidenceRole, type Reason, trustDomainOf } from '@writ/core';
import type { ArtefactSet } from '@writ/flow';
import type { Asked } from './asked.ts';
import type { Ports } from './ports.ts';

export type Verified = { readonly evidence: readonly Evidence[] } | { readonly failure: Reason };

/**
 * Turns the presented tokens into evidence. The anchors are those of the artefact set for the token's unverified issuer;
 * for an issuer that is none of them nothing is fetched. Where one issuer has several, they differ in the audience that
 * they believe, so at most one of them verifies.
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
    const anchors = [...set.anchors.values()].filter((each) => speaksFor(each, issuer));
    const verified = await verifyByOne(ports, anchors, token, role, now);
    if (verified === null) return { failure: failure(role, 'no anchor believes this issuer', 'iss', issuer) };
    if (verified instanceof EvidenceError) {
      const { code, message, claim, value } = verified;
      return { failure: failure(role, `${code}: ${message}`, claim, value) };
    }
    evidence.push(verified);
  }
  return { evidence };
}

/** Whether the anchor is the one to ask about tokens of `issuer`, to the letter; of a token without one it is its trust domain. */
function speaksFor(anchor: Anchor, issuer: string | null): boolean {
  const trustDomain = trustDomainOf(anchor);
  const own = trustDomain === null ? [anchor.issuer] : [anchor.issuer, `spiffe://${trustDomain}`];
  return issuer !== null && issuer !== '' && own.includes(issuer);
}

/** The evidence by the first anchor that believes the token, or why the last of them does not; null for no anchor. */
async function verifyByOne(
  { attestor }: Ports,
  anchors: readonly Anchor[],
  token: string,
  role: EvidenceRole,
  now: number,
): Promise<Evidence | EvidenceError | null> {
  let refused: EvidenceError | null = null;
  for (const anchor of anchors) {
    try {
      return await attestor.verify(token, anchor, role, now);
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      refused = error;
    }
  }
  return refused;
}

function failure(role: string, message: string, claim?: string, value?: string | null): Reason {
  return { stage: 'proof', rule: `evidence.${role}`, message, claim, value: value ?? undefined };
}
