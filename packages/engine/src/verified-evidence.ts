import { EvidenceError } from '@writ/attest';
import { type Anchor, type Evidence, type EvidenceRole, type Reason, trustDomainOf } from '@writ/core';
import type { ArtefactSet } from '@writ/flow';
import type { Asked } from './asked.ts';
import type { Ports } from './ports.ts';
import { readIdentity } from './stored.ts';

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
  if (asked.assertion !== undefined) return byClientKey(ports, set, asked.clientId, asked.assertion, now);
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

/** Anchors of this kind believe what a registered identity signs with a key that its registration recorded. */
const CLIENT_KEY = 'client-key';

/** Whoever the client is, one answer covers all that may be wrong with its assertion (C7). */
async function byClientKey(
  ports: Ports,
  set: ArtefactSet,
  client: string,
  assertion: string,
  now: number,
): Promise<Verified> {
  const [anchor, second] = [...set.anchors.values()].filter(({ kind }) => kind === CLIENT_KEY);
  if (anchor === undefined || second !== undefined)
    return {
      failure: failure(
        'subject',
        `there must be one anchor of kind ${CLIENT_KEY}, to believe registered keys`,
      ),
    };
  const row = await ports.store.read.row('identities', client);
  const identity = row === null ? null : readIdentity(row);
  try {
    const verified = await ports.verifyClient(assertion, { client, keys: identity?.keys ?? [], now });
    if (identity === null) return { failure: failure('subject', 'no such client') };
    const { jti, digest, issuedAt, expiresAt } = verified;
    return {
      evidence: [
        {
          anchor: anchor.name,
          role: 'subject',
          issuer: `client ${client}`,
          tokenId: jti,
          digest,
          assurance: anchor.assurance,
          claims: { subject: identity.uri },
          issuedAt,
          expiresAt,
        },
      ],
    };
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    return { failure: failure('subject', `${error.code}: ${error.message}`, error.claim, error.value) };
  }
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
