import {
  type Facts,
  formatFreezeState,
  type Holder,
  type Identity,
  NO_ENTITLEMENT,
  type Observation,
  type Value,
} from '@writ/core';
import { entitlementAfter, factsRead, freezeScopesOf, listedPeople } from '@writ/flow';
import { askedFor, underRight } from './asked-for.ts';
import { identityOf } from './identity.ts';
import { jsonValue } from './json-value.ts';
import type { Situation } from './situation.ts';
import type { Stage } from './stage.ts';
import { seeded } from './test-keys.ts';

/** What is asked, of whom, under which right. */
export interface Wanted {
  readonly request: Facts['request'];
  readonly identity: Identity;
  /** the registered revision that a proposal would replace */
  readonly before: Identity | null;
}

/** What a situation asks for, at `now` (milliseconds since the epoch). @throws WritError `invalid` */
export function wantedOf(
  { installation, flow, config, keys }: Stage,
  situation: Situation,
  now: number,
): Wanted {
  const { name, issues } = flow.definition;
  const asked = askedFor(situation, name);
  const registered = installation.identities;
  const identity = identityOf(situation, registered, asked, config.trustDomain);
  if (issues === 'identity') {
    const before = registered.find((each) => each.name === identity.name) ?? null;
    const request = { ...asked, ttl: Math.floor((identity.expires - now) / 1000) };
    const revision = (before?.revision ?? 0) + 1;
    const entitlement = entitlementAfter(before?.entitlement ?? NO_ENTITLEMENT, request);
    const boundSince = before?.boundSince ?? revision;
    return {
      request,
      identity: { ...identity, revision, revisionReviewed: false, entitlement, boundSince },
      before,
    };
  }
  const byClientKey = flow.definition.proof.proofs.some(
    ({ anchor }) => installation.set.anchors.get(anchor)?.kind === 'client-key',
  );
  const own = byClientKey ? { ...identity, keys: [keys.client.jwk] } : identity;
  return { request: underRight(installation.set, asked, now), identity: own, before: null };
}

/** What the caller shows to hold: the first that the flow binds to, unless the situation says otherwise. */
export function holderOf({ flow }: Stage, { holder }: Situation): Holder | null {
  const [first] = flow.definition.bind.pop;
  const pop = holder ?? first ?? 'none';
  return pop === 'none' ? null : { pop, thumbprint: seeded('holder').toString('base64url') };
}

/** What a fact source says: as the situation gives it, or as a static source of the directory does. */
export function factSaid({ flow, installation }: Stage, { facts }: Situation, source: string): Value | null {
  const declared = Object.entries(flow.definition.facts).find(([, fact]) => fact.source === source);
  if (declared === undefined) return null;
  const [name, { type }] = declared;
  const given = facts[name];
  if (given !== undefined) return jsonValue(`facts.${name}`, given, type);
  return installation.constants.get(source) ?? null;
}

/** Everything that a new request is decided by, before anybody has approved anything. */
export function factsOf(
  stage: Stage,
  situation: Situation,
  now: number,
  evidence: Facts['evidence'],
  frozen: ReadonlySet<string>,
): Facts {
  const { flow, installation } = stage;
  const { request, identity, before } = wantedOf(stage, situation, now);
  const anchors = evidence.map(({ anchor }) => anchor);
  const right = request.right === '' ? null : request.right;
  const scopes = freezeScopesOf({ identity, flow: request.flow, right, anchors });
  const cell = (scope: string): string | null =>
    frozen.has(scope) ? formatFreezeState({ epoch: 1, frozen: true }) : null;
  const sources = factsRead(flow).flatMap(({ source }): [string, Observation][] => {
    const value = factSaid(stage, situation, source);
    return value === null ? [] : [[source, { value, observedAt: now }]];
  });
  return {
    request,
    holder: flow.definition.issues === 'identity' ? null : holderOf(stage, situation),
    evidence,
    identity,
    before,
    people: listedPeople(installation.set),
    approvals: [],
    confirmations: [],
    events: [],
    lineage: null,
    sources: Object.fromEntries(sources),
    freezes: Object.fromEntries(scopes.map((scope) => [scope, cell(scope)])),
    budget: { live: 0 },
    openedAt: now,
    pinned: null,
  };
}
