import { type Figure, figureOf } from './figure.ts';
import type { WaitingRun } from './fill.ts';
import type { Place } from './place.ts';

export interface Approved {
  /** from sending the last approval until the identity is registered */
  readonly issued: Figure;
  /** until whoever approved has the answer */
  readonly answered: Figure;
}

/** The last approval of each of these runs, one after the other; what was signed was signed before. */
export async function approveAll(place: Place, runs: readonly WaitingRun[]): Promise<Approved> {
  const { house } = place;
  const members = new Map<string, Awaited<ReturnType<Place['member']>>>();
  const issued: number[] = [];
  const answered: number[] = [];
  for (const { run, team } of runs) {
    const member = members.get(team) ?? (await place.member(team));
    members.set(team, member);
    const about = { run, rule: 'owner-accepts', decision: 'approve' } as const;
    const { nonce, challenge } = await house.engine.runs.challenge(member.session, about);
    const assertion = member.passkey.assert(Buffer.from(challenge, 'base64url'));
    const began = performance.now();
    const { state } = await house.engine.runs.decide(member.session, { ...about, nonce, assertion });
    answered.push(performance.now() - began);
    if (state !== 'issued') throw new Error(`the run ${run} is ${state}`);
    issued.push(place.issuedAt(run) - began);
  }
  return {
    issued: figureOf('last approval to issue', issued),
    answered: figureOf('last approval to answer', answered),
  };
}
