import { ARTEFACTS_CELL, type Consume, type Expect, freezeCell, identityCell } from '@writ/core';
import { accepted, type Context } from './context.ts';

/** What made an *issue* verdict true, as comparisons the committer makes under its lock (law 2). */
export function expectations(context: Context): readonly Expect[] {
  const { set, identity, facts, right, now } = context;
  const cells: Expect[] = [
    { kind: 'cell', cell: ARTEFACTS_CELL, is: set.hash },
    { kind: 'cell', cell: identityCell(identity.name), is: revisionBefore(context) },
    ...context.freezeScopes.map(
      (scope): Expect => ({ kind: 'cell', cell: freezeCell(scope), is: facts.freezes[scope] ?? null }),
    ),
  ];
  if (right === null) return cells;
  const { rate, live } = right.budget;
  if (rate !== null) {
    const width = rate.per * 1000;
    const start = Math.floor(now / width) * width;
    cells.push({ kind: 'rate', counter: `${right.id}@${start}`, limit: rate.max, until: start + width });
  }
  if (live !== null) cells.push({ kind: 'live', right: right.id, limit: live, now });
  return cells;
}

/** What is registered now: what the decision is about, or what a proposal takes the place of. */
function revisionBefore({ flow, identity, facts: { before } }: Context): string | null {
  if (flow.definition.issues === 'change') return null;
  if (flow.definition.issues !== 'identity') return String(identity.revision);
  return before === null ? null : String(before.revision);
}

/** How long after its end a token's use is remembered, for clocks that differ: milliseconds. */
const SKEW = 120_000;

/** The keys this issuance spends, each once however many proofs the evidence was accepted for: once, or for its first holder alone. */
export function consumptions(context: Context): readonly Consume[] {
  const holder = context.facts.holder?.thumbprint ?? null;
  return [...new Set(accepted(context).map(({ evidence }) => evidence))]
    .filter(({ signIn }) => signIn === undefined)
    .map((evidence) => {
      const once = context.set.anchors.get(evidence.anchor)?.replay !== 'first-key';
      return {
        key: once ? evidenceKey(evidence.issuer, evidence.tokenId ?? '') : `first-key ${evidence.digest}`,
        holder: once ? null : holder,
        until: evidence.expiresAt + SKEW,
      };
    });
}

/** Issuer and `jti`, joined so that no two pairs give one key. */
export function evidenceKey(issuer: string, tokenId: string): string {
  return `evidence ${JSON.stringify([issuer, tokenId])}`;
}
