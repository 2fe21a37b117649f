import { type Approval, type Facts, type Obligation, planDigest, type Waiting } from '@writ/core';
import type { Act, ArtefactSet, Base, CompiledFlow } from '@writ/flow';

/** Something that may be done about a run that waits, as a test says it and as the rules see it. */
export interface Attempt {
  readonly act: Act;
  readonly facts: Facts;
  /** milliseconds since the epoch */
  readonly now: number;
}

/** Each approval that somebody may try, with a passkey and without, and each time that may be let pass. */
export function attemptsAt(
  flow: CompiledFlow,
  { set, now }: Pick<Base, 'set' | 'now'>,
  facts: Facts,
  { bounds, obligations }: Waiting,
): readonly Attempt[] {
  const pinned = { set: set.hash, flow: flow.hash, notIssuedAfter: bounds.notIssuedAfter };
  const plan = planDigest(set.sha256, bounds, pinned);
  const waiting: Facts = { ...facts, pinned: { ...pinned, plan } };
  return obligations.flatMap((obligation) => [
    ...approvals(set, waiting, obligation, now),
    ...late(waiting, obligation, now),
  ]);
}

function approvals(
  { people }: ArtefactSet,
  facts: Facts,
  { kind, rule, digest, envelope }: Obligation,
  now: number,
): readonly Attempt[] {
  if (kind !== 'approval') return [];
  return people.flatMap(({ id }) =>
    ['webauthn', 'password'].map((factor): Attempt => {
      const given: Approval = { rule, person: id, factor, digest, decision: 'approve', at: now, envelope };
      const act: Act = { kind: 'approve', rule, by: id, as: null, factor, pauseBefore: null };
      return { act, facts: { ...facts, approvals: [...facts.approvals, given] }, now };
    }),
  );
}

/** A second after the obligation lapses. What is known stays as fresh as it was. */
function late(facts: Facts, { expires }: Obligation, now: number): readonly Attempt[] {
  const seconds = Math.floor((expires - now) / 1000) + 1;
  const by = seconds * 1000;
  const sources = Object.fromEntries(
    Object.entries(facts.sources).map(([name, { value }]) => [name, { value, observedAt: now + by }]),
  );
  const evidence = facts.evidence.map((each) => ({
    ...each,
    issuedAt: each.issuedAt + by,
    expiresAt: each.expiresAt + by,
  }));
  return [{ act: { kind: 'advance', seconds }, facts: { ...facts, sources, evidence }, now: now + by }];
}
