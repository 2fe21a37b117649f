import {
  type Bounds,
  type Facts,
  type Identity,
  planDigest,
  type Reason,
  type Refused,
  type Verdict,
  WritError,
} from '@writ/core';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import type { CompiledFlow } from '../artefact/compile-flow.ts';
import type { Right } from '../artefact/right.ts';
import type { Environment } from '../condition/compile.ts';
import { isAct } from '../definition/definition.ts';
import { approvalStage, demanded } from './approval-stage.ts';
import { boundsOf } from './bounds.ts';
import { confirmation } from './confirmation.ts';
import { accepted, type Check, type Context, reason } from './context.ts';
import { controls } from './controls/controls.ts';
import { environmentOf } from './environment.ts';
import { factStage } from './fact-stage.ts';
import { freezeScopesOf } from './freeze-scopes.ts';
import { gate } from './gate.ts';
import { bindStage, deliverStage, firstKeyStage, replayStage } from './later-stages.ts';
import { personOfEvidence } from './people.ts';
import { permitting, policyStage } from './policy-stage.ts';
import { consumptions, expectations } from './preconditions.ts';
import { evaluateProofs, identifies, type Presented, presentedFor, proofStage } from './proof-stage.ts';
import { proposed } from './proposal-stage.ts';
import { asker, audience, fields, guardrails, lifeCaps, scopes, ttl } from './request-stage.ts';
import { entitled, identityStands, opened, rightStands } from './standing-stage.ts';

/** The spine, in its order. The first check with reasons against decides; approval and confirmation follow when all pass. */
export const CHECKS: readonly Check[] = [
  gate,
  opened,
  identityStands,
  proposed,
  rightStands,
  audience,
  scopes,
  fields,
  ttl,
  entitled,
  proofStage,
  replayStage,
  asker,
  factStage,
  guardrails,
  controls,
  policyStage,
  bindStage,
  firstKeyStage,
  deliverStage,
];

/**
 * The one decision (law 2). It is a function of its arguments alone: `artefacts` (what is in force), `facts`, and `now`
 * in milliseconds since the epoch. Whatever is absent refuses (law 1).
 */
export function decide(artefacts: ArtefactSet, facts: Facts, now: number): Verdict {
  return decideBy(CHECKS, artefacts, facts, now);
}

/** `decide` with another list of checks: for the tests that take one away to see it missed. */
export function decideBy(
  checks: readonly Check[],
  artefacts: ArtefactSet,
  facts: Facts,
  now: number,
): Verdict {
  const flow = artefacts.flows.get(facts.request.flow);
  const { identity } = facts;
  const right = flow === undefined ? undefined : rightOf(artefacts, flow, facts);
  if (flow === undefined || right === undefined || identity === null) {
    return refuse([reason('request', 'right', 'nobody has the right to issue this')], false);
  }
  const context = contextOf(artefacts, flow, right, identity, facts, now);
  const disclose = identifies(artefacts, context.proofs) || isSignedIn(facts);
  for (const check of checks) {
    const [first, ...more] = check(context);
    if (first !== undefined) return refuse([first, ...more], disclose);
  }
  return afterChecks(context, disclose);
}

function afterChecks(context: Context, disclose: boolean): Verdict {
  const { flow, set, now, facts } = context;
  const { rules, refusals } = demanded(context);
  const [unreadable, ...others] = refusals;
  if (unreadable !== undefined) return refuse([unreadable, ...others], disclose);
  const waitUntil =
    rules.length === 0 ? 0 : facts.openedAt + Math.min(...rules.map(({ expires }) => expires)) * 1000;
  const draft = boundsOf(context, waitUntil, true);
  if ('absent' in draft) {
    return refuse([reason('generate', 'generate', `\`${draft.absent}\` is absent`)], disclose);
  }
  const plan = facts.pinned?.plan ?? digestOf(context, draft);
  if (plan === null) {
    return refuse([reason('generate', 'generate', 'what would be issued cannot be written down')], disclose);
  }
  const approvals = approvalStage(context, rules, plan, draft);
  const confirmed = confirmation(context, plan);
  const [refusal, ...more] = [...approvals.refusals, ...confirmed.refusals];
  if (refusal !== undefined) return refuse([refusal, ...more], disclose);
  const bounds: Bounds = {
    ...draft,
    unattended: !approvals.attended,
    proposal: draft.proposal === null ? null : { ...draft.proposal, revisionReviewed: approvals.reviewed },
  };
  const decidedBy = [
    ...accepted(context).map(({ proof }) => `proof.${proof.id}`),
    ...permitting(flow, context.environment),
    ...approvals.decidedBy,
    ...(context.right === null ? [] : [`right.${context.right.id}`]),
  ];
  const obligations = [...approvals.obligations, ...confirmed.obligations];
  if (obligations.length > 0)
    return { outcome: 'waiting', artefacts: set.hash, bounds, obligations, decidedBy };
  if (waitUntil > 0 && now > waitUntil) {
    return refuse(
      [reason('approval', 'approval', 'expired before it was issued', { help: 'ask again' })],
      disclose,
    );
  }
  return {
    outcome: 'issue',
    artefacts: set.hash,
    bounds,
    expect: expectations(context),
    consume: consumptions(context),
    decidedBy,
  };
}

/** The digest that approvals sign, or null for what has no canonical form: half a character, for instance, in a name. */
function digestOf({ set, flow, facts }: Context, bounds: Bounds): string | null {
  try {
    return planDigest(set.sha256, bounds, facts.pinned ?? { set: set.hash, flow: flow.hash });
  } catch (error) {
    if (error instanceof WritError) return null;
    throw error;
  }
}

/** The right that is used: null for an act, undefined where there is none that fits. */
function rightOf(
  { rights }: ArtefactSet,
  { definition }: CompiledFlow,
  facts: Facts,
): Right | null | undefined {
  const { request, identity } = facts;
  if (isAct(definition.issues)) return identity?.name === request.identity ? null : undefined;
  const right = rights.get(request.right);
  return right !== undefined && belongs(right, facts) ? right : undefined;
}

/** Whoever signed in and is somebody here is told why: what they ask for is their own. */
export function isSignedIn({ evidence, people }: Facts): boolean {
  return evidence.some((each) => each.signIn !== undefined && personOfEvidence(people, each) !== null);
}

function belongs(right: Right, { request, identity }: Facts): boolean {
  return (
    right.flow === request.flow &&
    right.audience === request.audience &&
    right.identity === request.identity &&
    identity?.name === request.identity
  );
}

/** The decision that `facts` are about, or null where their flow or identity is not known. */
export function contextFor(artefacts: ArtefactSet, facts: Facts, now: number): Context | null {
  const flow = artefacts.flows.get(facts.request.flow);
  if (flow === undefined || facts.identity === null) return null;
  const right = artefacts.rights.get(facts.request.right) ?? null;
  return contextOf(artefacts, flow, right, facts.identity, facts, now);
}

/** One decision under way, with its proofs held against what was presented. */
export function contextOf(
  set: ArtefactSet,
  flow: CompiledFlow,
  right: Right | null,
  identity: Identity,
  facts: Facts,
  now: number,
): Context {
  const { definition } = flow;
  const anchors = facts.evidence.map(({ anchor }) => anchor);
  const freezeScopes = freezeScopesOf({ identity, flow: definition.name, right: right?.id ?? null, anchors });
  const base = { set, flow, facts, identity, right, now, freezeScopes };
  const most = Math.min(...lifeCaps(base).map(({ seconds }) => seconds));
  const granted = facts.request.ttl ?? Math.min(definition.request.ttl.default, most);
  const environment = (evidence: Presented): Environment =>
    environmentOf(definition, facts, identity, granted, evidence);
  const presented = presentedFor(definition, facts.evidence);
  const proofs = evaluateProofs(set, definition, presented, environment, now, facts.openedAt);
  const good = new Map(accepted({ proofs }).map(({ proof, evidence }) => [proof.id, evidence]));
  return { ...base, ttl: granted, proofs, environment: environment(good) };
}

function refuse(reasons: readonly [Reason, ...Reason[]], disclose: boolean): Refused {
  return { outcome: 'refused', reasons, disclose };
}
