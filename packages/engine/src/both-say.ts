import type { Bounds, Consume, Verdict } from '@writ/core';

/**
 * Law 7: what a run was opened under and what is in force must both say *issue*. Bounds are the intersection, so that
 * narrowing acts at once and widening never backwards; the preconditions are those of what is in force.
 */
export function bothSay(pinned: Verdict, current: Verdict): Verdict {
  if (current.outcome === 'refused') return current;
  if (pinned.outcome === 'refused') return pinned;
  if (differs(pinned.bounds, current.bounds)) {
    const message = 'the flow now generates, binds, delivers or activates differently';
    const reason = { stage: 'generate', rule: 'flow-changed', message, help: 'ask again' } as const;
    return { outcome: 'refused', reasons: [reason], disclose: true };
  }
  const bounds = { ...pinned.bounds, ttl: Math.min(pinned.bounds.ttl, current.bounds.ttl) };
  if (pinned.outcome === 'issue' && current.outcome === 'issue') {
    const consume = union(current.consume, pinned.consume);
    return { ...current, consume, bounds: { ...bounds, proven: current.bounds.proven } };
  }
  const obligations = [pinned, current].flatMap((verdict) =>
    verdict.outcome === 'waiting' ? verdict.obligations : [],
  );
  const distinct = new Map(obligations.map((obligation) => [obligation.rule, obligation]));
  return {
    outcome: 'waiting',
    artefacts: current.artefacts,
    bounds,
    obligations: [...distinct.values()],
    decidedBy: current.decidedBy,
  };
}

/** Evidence that either would spend is spent. */
function union(a: readonly Consume[], b: readonly Consume[]): readonly Consume[] {
  const keys = new Set(a.map(({ key }) => key));
  return [...a, ...b.filter(({ key }) => !keys.has(key))];
}

function differs(a: Bounds, b: Bounds): boolean {
  const later = ({ generate, inToken, pop, source, deliver, activate }: Bounds): string =>
    JSON.stringify([generate.kind, sorted(generate.parameters), inToken, pop, source, deliver, activate]);
  return later(a) !== later(b);
}

function sorted(parameters: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
}
