import { canonicalJson, type Json } from './canonical-json.ts';
import type { PinnedTo } from './facts.ts';
import { type Hash, toHex } from './hash.ts';
import type { Identity } from './identity.ts';
import { utf8 } from './utf8.ts';
import type { Bounds } from './verdict.ts';

/**
 * The plan digest (law 6): what an approval signs and a receipt's record carries. Nothing born at generation is in it.
 * `pinned` is what the run was opened under. Hexadecimal SHA-256.
 */
export function planDigest(hash: Hash, bounds: Bounds, pinned: PinnedTo): string {
  return toHex(hash(utf8(canonicalJson(planOf(bounds, pinned)))));
}

/** What is proposed for an identity, as an approver signs it. Whether it was reviewed is what the approval brings about. */
function proposalOf({ revisionReviewed: _brought, attributes, entitlement, keys, ...rest }: Identity): Json {
  return {
    ...rest,
    attributes: { ...attributes },
    entitlement: { ...entitlement },
    keys: keys.map((key) => ({ ...key })),
  };
}

/** The plan itself: its canonical JSON is what is hashed, and what an approver is shown. */
export function planOf(bounds: Bounds, pinned: PinnedTo): Json {
  return {
    flow: bounds.flow.name,
    flow_hash: pinned.flow,
    pinned: pinned.set,
    identity: bounds.identity.uri,
    revision: bounds.identity.revision,
    subject: bounds.subject,
    actor: bounds.actor,
    audience: bounds.audience,
    scopes: bounds.scopes,
    ttl: bounds.ttl,
    not_issued_after: pinned.notIssuedAfter ?? bounds.notIssuedAfter,
    fields: bounds.fields,
    generate: { ...bounds.generate },
    bind: { pop: bounds.pop, source: bounds.source },
    deliver: bounds.deliver,
    activate: bounds.activate,
    holder: bounds.holder === null ? null : { [bounds.holder.pop]: bounds.holder.thumbprint },
    ...(bounds.proposal === null ? {} : { proposal: proposalOf(bounds.proposal) }),
    proofs: bounds.projections.map(({ proof, anchor, claims }) => ({ proof, anchor, claims })),
  };
}
