import type { Anchor, Evidence, EvidenceRole } from '@writ/core';

/**
 * The seam of evidence: one method (law 12).
 *
 * The caller guarantees that `anchor` is one of the live artefact set, chosen without trusting the token, and that
 * `now` (milliseconds since the epoch) is its own clock. The attestor guarantees that what it returns was signed by a
 * key of `anchor.issuer` for `anchor.audience` alone, is valid at `now`, and holds the anchor's declared claims and no
 * others, each of its declared type. It spends nothing: whoever commits must consume (issuer, `tokenId`) or the first
 * holder key, as `anchor.replay` says, in the same commit (law 4).
 */
export interface Attestor {
  /** @throws EvidenceError and nothing else for whatever `token` holds */
  verify(token: string, anchor: Anchor, role: EvidenceRole, now: number): Promise<Evidence>;
}

/** An attestor that says which kinds of anchors it is for. */
export interface KindAttestor extends Attestor {
  readonly kinds: readonly string[];
}
