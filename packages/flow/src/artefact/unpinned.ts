import type { ArtefactSet } from './artefact-set.ts';
import type { CompiledFlow } from './compile-flow.ts';

/**
 * Proofs that whoever gets a token of the anchor for our audience would pass: they match none of its immutable ids (G1, the
 * most common mistake with CI federation). Such a set loads, is tested and compared, and is not put in force. A flow that
 * people ask through is held by their group instead.
 */
export function unpinned(set: ArtefactSet): readonly string[] {
  return [...set.flows.values()].flatMap((flow) => {
    const { proof, request } = flow.definition;
    if (!('kinds' in request.by)) return [];
    const open = proof.proofs.filter(({ anchor, match }) => !pins(set, anchor, Object.keys(match)));
    if (proof.mode === 'all' && open.length < proof.proofs.length) return [];
    return open.map(({ id, anchor }) => describe(set, flow, id, anchor));
  });
}

function identifying(set: ArtefactSet, anchor: string): readonly string[] {
  const claims = set.anchors.get(anchor)?.claims ?? {};
  return Object.keys(claims).filter((claim) => claims[claim]?.identifies === true);
}

function pins(set: ArtefactSet, anchor: string, matched: readonly string[]): boolean {
  return identifying(set, anchor).some((claim) => matched.includes(claim));
}

function describe(set: ArtefactSet, { definition }: CompiledFlow, proof: string, anchor: string): string {
  const ids = identifying(set, anchor);
  const help =
    ids.length === 0
      ? `say in the anchor which of its claims \`identifies\` the caller, and match it`
      : `match ${ids.map((id) => `\`${id}\``).join(' or ')}`;
  return `flow ${definition.name}: proof ${proof} believes whoever has a token of ${anchor}; ${help}`;
}
