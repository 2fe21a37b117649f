import {
  type Entitlement,
  envelopeOf,
  type Facts,
  type FieldValue,
  planDigest,
  type Verdict,
} from '@writ/core';
import { type ArtefactSet, decide, freezeScopesOf, type Right } from '@writ/flow';
import type { Side } from '../model/model.ts';
import { holdsAt } from './later.ts';
import type { Situation } from './situation.ts';

/** What one side makes of a counter-example. */
export interface Replayed {
  readonly outcome: Verdict['outcome'];
  /** a usable credential exists: it is issued, and what follows lets it be used */
  readonly active: boolean;
  readonly verdict: Verdict;
}

/** Puts a counter-example before the real decision, with the approvals given over the plan that this side would issue. */
export function replay(side: Side, situation: Situation): Replayed {
  const set = artefactsFor(side, situation);
  const facts = factsFor(side, set, situation);
  const first = decide(set, facts, situation.now);
  const verdict =
    first.outcome === 'waiting'
      ? decide(set, approved(side, set, facts, situation, first.bounds), situation.now)
      : first;
  const active = verdict.outcome === 'issue' && holdsAt(side.flow.definition, situation.later);
  return { outcome: verdict.outcome, active, verdict };
}

function approved(
  { flow }: Side,
  set: ArtefactSet,
  facts: Facts,
  { acts, openedAt }: Situation,
  bounds: Parameters<typeof planDigest>[1],
): Facts {
  const plan = planDigest(set.sha256, bounds, { set: set.hash, flow: flow.hash });
  const approvers = acts.filter(({ stage }) => stage === 'approval');
  const standing = envelopeOf(bounds);
  // Who approves now signs what each rule asks for; who approved in an earlier run signed an envelope, and no plan.
  const approvals = flow.definition.approval.flatMap(({ id, reuse: reusable }) =>
    approvers.map(({ person, factor, reuse }) => ({
      rule: id,
      person,
      factor,
      digest: plan,
      decision: 'approve' as const,
      at: openedAt,
      envelope: reuse === 'standing' || reusable !== 'none' ? standing : null,
    })),
  );
  const confirmations = acts
    .filter(({ stage }) => stage === 'activate')
    .map(({ person }) => ({ person, plan, at: openedAt }));
  return { ...facts, approvals, confirmations };
}

/** Evidence is put before a flow that asks for it, and only where it is strong enough to help: whoever asks leaves out the rest. */
function factsFor(side: Side, set: ArtefactSet, situation: Situation): Facts {
  const { request, identity, now } = situation;
  const { proofs } = side.flow.definition.proof;
  const weakest = Math.max(
    side.flow.definition.proof.minAssurance,
    ...side.around.guardrails
      .filter(({ issues, tiers, kinds }) => {
        const { definition } = side.flow;
        return (
          (issues === null || issues.includes(definition.issues)) &&
          (tiers === null || tiers.includes(definition.tier)) &&
          (kinds === null || kinds.includes(identity.kind))
        );
      })
      .map(({ minAssurance }) => minAssurance ?? 0),
  );
  const evidence = situation.evidence.filter(
    (each) =>
      proofs.some(({ anchor, role }) => anchor === each.anchor && role === each.role) &&
      Math.min(each.assurance, set.anchors.get(each.anchor)?.assurance ?? 0) >= weakest,
  );
  const right = [...set.rights.values()].find(
    (each) =>
      each.identity === identity.name &&
      each.audience === request.audience &&
      each.flow === side.flow.definition.name,
  );
  const flow = side.flow.definition.name;
  const scopes = freezeScopesOf({
    identity,
    flow,
    right: right?.id ?? '',
    anchors: evidence.map(({ anchor }) => anchor),
  });
  return {
    request: { ...request, flow, right: right?.id ?? '', identity: identity.name },
    holder: situation.holder,
    evidence,
    identity: { ...identity, entitlement: entitledTo(request) },
    before: replaced(side, identity),
    people: situation.people,
    approvals: [],
    confirmations: [],
    events: [],
    lineage: situation.lived === null ? null : { follows: 'some-run', firstIssuedAt: now - situation.lived },
    sources: situation.sources,
    freezes: Object.fromEntries(scopes.map((scope) => [scope, null])),
    budget: { live: 0 },
    openedAt: situation.openedAt,
    pinned: null,
  };
}

/** The artefacts around one flow; what does not bound it is made wide enough for the request. */
function artefactsFor({ flow, around }: Side, { request, identity, now }: Situation): ArtefactSet {
  const right: Right = {
    id: 'some-right',
    owner: identity.owner,
    authority: 'assumed',
    identity: identity.name,
    flow: flow.definition.name,
    audience: request.audience,
    scopes: request.scopes,
    maxTtl: request.ttl,
    expires: now + 1,
    revocation: 'introspection',
    suspended: false,
    budget: { rate: null, live: null },
  };
  return {
    hash: 'plan',
    sha256: around.sha256,
    flows: new Map([[flow.definition.name, flow]]),
    anchors: around.anchors,
    rights: around.rights ?? new Map([[right.id, right]]),
    guardrails: around.guardrails,
    packs: around.packs,
    groups: new Map(),
    roles: new Map(),
    people: [],
    audiences: new Map(),
    sources: new Map(),
  };
}

/** What a proposal of a later revision takes the place of. */
function replaced({ flow }: Side, identity: Situation['identity']): Facts['before'] {
  if (flow.definition.issues !== 'identity' || identity.revision < 2) return null;
  return { ...identity, revision: identity.revision - 1 };
}

/** What an identity holds that may ask for this: entitlements are data, and bound neither side. */
function entitledTo({ audience, scopes, fields }: Situation['request']): Entitlement {
  const texts = (value: FieldValue | undefined): readonly string[] =>
    typeof value === 'object' ? value : value === undefined ? [] : [String(value)];
  const { environment, target, data_sets: dataSets, commands } = fields;
  return {
    audiences: [audience],
    scopes,
    environments: [...texts(environment), ...texts(target)],
    dataSets: texts(dataSets),
    commands: texts(commands),
  };
}
