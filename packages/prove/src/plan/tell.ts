import { Datetime, Decimal, Duration, formatDuration, formatInstant, isSet, type Value } from '@writ/core';
import type { CompiledFlow } from '@writ/flow';
import type { Witness } from '../compare-sides.ts';
import type { Replayed } from '../witness/replay.ts';
import type { Situation } from '../witness/situation.ts';

/** A request as data: what is asked, proven and known, who agreed, and what follows. */
export interface ToldSituation {
  readonly request: Readonly<Record<string, Told>>;
  readonly holder: string;
  readonly identity: Readonly<Record<string, Told>>;
  readonly evidence: readonly Readonly<Record<string, Told>>[];
  readonly facts: Readonly<Record<string, Told>>;
  readonly approvals: readonly string[];
  readonly later: Readonly<Record<string, Told>>;
}

/** A counter-example as data, and what either flow says to it. */
export interface ToldWitness extends ToldSituation {
  readonly stage: string;
  readonly rule: string;
  readonly old: ToldOutcome;
  readonly new: ToldOutcome;
}

export type Told = string | number | boolean | null | readonly Told[] | { readonly [name: string]: Told };

export interface ToldOutcome {
  readonly outcome: 'issue' | 'waiting' | 'refused';
  /** rules that refused, or what is waited for */
  readonly because: readonly string[];
  /** which function answered: the decision itself, or the definition's word on what follows it */
  readonly replayed: 'decide' | 'definition';
}

/** `direction` says which side of the comparison the witness was issued by. */
export function tell(witness: Witness, direction: 'wider' | 'narrower'): ToldWitness {
  const { situation, stage, rule, before, after } = witness;
  const [old, fresh] = direction === 'wider' ? [before, after] : [after, before];
  return {
    stage,
    rule,
    ...tellSituation(situation),
    old: tellOutcome(old, rule),
    new: tellOutcome(fresh, rule),
  };
}

export function tellSituation(situation: Situation): ToldSituation {
  const { request, identity, later } = situation;
  const events = situation.acts.map(({ person, from, factor, flags, reuse, stage: what }) =>
    [
      what === 'approval' ? `${person} approved with ${factor}` : `${person} confirmed`,
      `asked as ${from}`,
      ...flags.map((flag) => `also ${flag}`),
      ...(reuse === 'standing' ? ['in an earlier run'] : []),
    ].join(', '),
  );
  return {
    request: {
      audience: request.audience,
      scopes: request.scopes,
      ttl: formatDuration(request.ttl),
      ...request.fields,
    },
    holder: situation.holder?.pop ?? 'none',
    identity: toldIdentity(identity),
    evidence: situation.evidence.map(({ anchor, role, claims, assurance, issuedAt }) => ({
      anchor,
      role,
      assurance,
      age: formatDuration(Math.floor((situation.now - issuedAt) / 1000)),
      claims: told(claims),
    })),
    facts: Object.fromEntries(
      Object.entries(situation.sources).map(([name, { value, observedAt }]) => [
        name,
        { value: told(value), age: formatDuration(Math.floor((situation.now - observedAt) / 1000)) },
      ]),
    ),
    approvals: events,
    later: {
      ...later,
      confirmations: later.confirmations.map(({ from, flags }) => ({ from, flags })),
      lived: situation.lived === null ? null : formatDuration(situation.lived / 1000),
      waited: formatDuration((situation.now - situation.openedAt) / 1000),
    },
  };
}

function toldIdentity(identity: Witness['situation']['identity']): Readonly<Record<string, Told>> {
  const { attributes, revisionReviewed, previouslyRevoked, expires, uri, name, kind, status } = identity;
  const { owner, deputy, purpose, environment, revision } = identity;
  const own = Object.entries(attributes).flatMap(([attribute, value]): [string, Told][] =>
    value === undefined ? [] : [[attribute, value]],
  );
  return {
    uri,
    name,
    kind,
    status,
    owner,
    deputy,
    purpose,
    environment,
    revision,
    expires: formatInstant(expires),
    revision_reviewed: revisionReviewed,
    previously_revoked: previouslyRevoked,
    ...Object.fromEntries(own),
  };
}

/** `rule` is what refuses where the decision issues and what follows does not hold. */
export function tellOutcome({ verdict, active }: Replayed, rule: string): ToldOutcome {
  if (verdict.outcome === 'refused')
    return { outcome: 'refused', because: verdict.reasons.map((reason) => reason.rule), replayed: 'decide' };
  if (verdict.outcome === 'waiting') {
    const because = verdict.obligations.map(
      ({ rule: id, missing, from, factor }) =>
        `${id}: ${missing} × ${from}${factor === null ? '' : ` with ${factor}`}`,
    );
    return { outcome: 'waiting', because, replayed: 'decide' };
  }
  if (active) return { outcome: 'issue', because: verdict.decidedBy, replayed: 'decide' };
  return { outcome: 'refused', because: [rule], replayed: 'definition' };
}

function told(value: Value): Told {
  if (value instanceof Duration) return formatDuration(Math.floor(value.ms / 1000));
  if (value instanceof Datetime) return formatInstant(value.ms);
  if (value instanceof Decimal) return String(value.tenThousandths);
  if (typeof value !== 'object' || isSet(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, told(member)]));
}

/** What the verdict about a flow rests on that is data, and not part of the proof. */
export function dependenciesOf({ definition }: CompiledFlow): readonly string[] {
  const { proof, approval, request, facts } = definition;
  const groups = [
    ...approval.map(({ require: { from } }) => from),
    ...('from' in request.by ? [request.by.from] : []),
  ].filter((from) => from.startsWith('group:') || from === 'owner');
  return [
    ...new Set([
      ...groups.map((from) => (from === 'owner' ? 'the owners of identities' : `the members of ${from}`)),
      ...proof.proofs.map(({ anchor }) => `anchor ${anchor} and its verifier`),
      ...Object.values(facts).map(({ source }) => `what the source ${source} says`),
    ]),
  ];
}
