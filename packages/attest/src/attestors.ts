import type { Attestor, KindAttestor } from './attestor.ts';
import { EvidenceError } from './evidence-error.ts';

/**
 * One attestor of several: an anchor's kind decides which of them verifies. Evidence for any other kind is refused as
 * `unsupported`.
 *
 * @throws Error where two are for the same kind
 */
export function createAttestors(attestors: readonly KindAttestor[]): Attestor {
  const byKind = new Map<string, Attestor>();
  for (const attestor of attestors) {
    for (const kind of attestor.kinds) {
      if (byKind.has(kind)) throw new Error(`two attestors for anchors of kind ${kind}`);
      byKind.set(kind, attestor);
    }
  }
  return {
    async verify(token, anchor, role, now) {
      const attestor = byKind.get(anchor.kind);
      if (attestor === undefined) {
        throw new EvidenceError('unsupported', `no attestor for anchors of kind \`${anchor.kind}\``);
      }
      return attestor.verify(token, anchor, role, now);
    },
  };
}
