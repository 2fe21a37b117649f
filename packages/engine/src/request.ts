import {
  type Evidence,
  type Facts,
  type Identity,
  type Issue,
  type Loss,
  planDigest,
  type Reason,
  type Refused,
  type Verdict,
  type Waiting,
} from '@writ/core';
import { type ArtefactSet, type CompiledFlow, decide, type Right, rightsFor } from '@writ/flow';
import { ATTEMPTS } from './append-until-won.ts';
import type { Answer, Asked, Declined, Fault } from './asked.ts';
import { bothSay } from './both-say.ts';
import { gatherFacts } from './gather-facts.ts';
import type { InForce } from './in-force.ts';
import type { IssueCredential } from './issue-credential.ts';
import { peopleFacts } from './people/people-facts.ts';
import type { Ports } from './ports.ts';
import type { Refusals } from './refusal.ts';
import { approvalFact, confirmationFact, type Decisions } from './runs/approvals.ts';
import { countedApprovals } from './runs/counted.ts';
import { identityOnRecord } from './runs/identity-on-record.ts';
import { syncObligations } from './runs/obligations.ts';
import type { OpenRun } from './runs/stored-run.ts';
import type { VerifiedDecision } from './runs/verified-decision.ts';
import type { WaitingRuns } from './runs/waiting-runs.ts';
import { readIdentity } from './stored.ts';
import { type Verified, verifyEvidence } from './verified-evidence.ts';

/** The parts of the engine that the walk goes through. */
export interface Walk {
  readonly ports: Ports;
  readonly inForce: InForce;
  readonly refusals: Refusals;
  readonly runs: WaitingRuns;
  readonly decisions: Decisions;
  readonly issueCredential: IssueCredential;
}

/** The path of one issuance, from what was asked to the answer. No step looks back. */
export async function request(walk: Walk, asked: Asked): Promise<Answer> {
  const { ports, inForce } = walk;
  let loss: Loss | null = null;
  let believed: Believed | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    believed = await believe(walk, asked, believed);
    if ('failure' in believed) return decline(walk, asked, 'grant', [believed.failure], false, null);
    const outcome = await attemptOnce(walk, asked, believed.set, believed.evidence);
    if (outcome.outcome !== 'lost') return outcome;
    loss = outcome.loss;
    const spent = spentOrUsedUp(loss, asked, ports);
    if (spent !== null) return decline(walk, asked, spent.fault, [spent.reason], true, null);
    inForce.refresh();
  }
  const reason: Reason = {
    stage: 'generate',
    rule: 'contention',
    message: 'others kept changing what this rests on',
  };
  ports.events.failed({ what: 'issuing', message: `contention: ${loss === null ? '' : loss.kind}` });
  return decline(walk, asked, 'contention', [reason], true, null);
}

type Believed = Verified & { readonly set: ArtefactSet };

/**
 * What the anchors in force make of the presented tokens. An issuer's keys may be long in coming, and its anchor withdrawn
 * meanwhile: the decision is made by the very set that believed, the committer compares it, and one that was switched is
 * asked anew.
 */
async function believe({ ports, inForce }: Walk, asked: Asked, before: Believed | null): Promise<Believed> {
  const set = await inForce.current();
  if (before?.set.hash === set.hash) return before;
  return { set, ...(await verifyEvidence(ports, set, asked, ports.now())) };
}

interface Lost {
  readonly outcome: 'lost';
  readonly loss: Loss;
}

/** Decides by `set`, the one by which the evidence was verified. */
async function attemptOnce(
  walk: Walk,
  asked: Asked,
  set: ArtefactSet,
  evidence: readonly Evidence[],
): Promise<Answer | Lost> {
  const { ports } = walk;
  const row = await ports.store.read.row('identities', asked.clientId);
  const identity = row === null ? null : readIdentity(row);
  if (identity === null) return decline(walk, asked, 'target', [NOBODY], false, null);
  const found = findRight(set, asked, identity, evidence, ports.now());
  if ('fault' in found) return decline(walk, asked, found.fault, [found.reason], found.disclose, null);
  const { right } = found;
  const run = asked.run === null ? null : await walk.runs.find(asked.run, asked);
  if (run !== null && 'reason' in run) {
    return decline(walk, asked, 'grant', [run.reason], isKnown(set, identity, evidence), asked.run);
  }
  const now = ports.now();
  const flows = await decidingFlows(walk, set, right.flow, run);
  const given = run === null ? [] : await walk.decisions.of(run.id, identity.name);
  const wanted = {
    flow: right.flow,
    right: right.id,
    identity: identity.name,
    audience: asked.audience,
    scopes: asked.scopes,
    ttl: asked.ttl,
    fields: asked.fields,
  };
  const about = {
    request: wanted,
    holder: asked.holder?.key ?? null,
    evidence,
    // What people agreed to is decided by what the ledger says of the identity.
    identity: run === null ? identity : ((await identityOnRecord(ports, identity.name)) ?? identity),
    before: null,
    right,
    approvals: [],
    confirmations: [],
    persons: given.map(({ person }) => person),
    openedAt: run?.openedAt ?? now,
    pinned: run?.pinned ?? null,
  };
  const gathered = await gatherFacts(ports, set, flows, about, now);
  const decided = { set, run, facts: withDecisions(gathered, given), decisions: given, now };
  const verdict = await judge(walk, set, decided.facts, run, now);
  if (verdict.outcome !== 'waiting' || run !== null || !flows.some(letsApprovalsStand))
    return act(walk, asked, verdict, decided);
  // Somebody would have to agree, and may have agreed before to what this is no more than.
  const standing = await walk.decisions.of(null, identity.name);
  const persons = standing.map(({ person }) => person);
  const people = await peopleFacts(ports, set, persons, now);
  const facts = withDecisions({ ...gathered, people }, standing);
  return act(walk, asked, await judge(walk, set, facts, run, now), {
    ...decided,
    facts,
    decisions: standing,
  });
}

function withDecisions(facts: Facts, decisions: readonly VerifiedDecision[]): Facts {
  const approvals = decisions.flatMap((each) => approvalFact(each) ?? []);
  return { ...facts, approvals, confirmations: decisions.flatMap((each) => confirmationFact(each) ?? []) };
}

/** What the steps after a decision need of it. */
interface Decided {
  readonly set: ArtefactSet;
  readonly run: OpenRun | null;
  readonly facts: Facts;
  readonly decisions: readonly VerifiedDecision[];
  readonly now: number;
}

/** The flow in force and, of a run that waited, the one it was opened under. */
export async function decidingFlows(
  { inForce }: Pick<Walk, 'inForce'>,
  set: ArtefactSet,
  name: string,
  run: OpenRun | null,
): Promise<readonly CompiledFlow[]> {
  const pinned =
    run === null || run.pinned.set === set.hash
      ? undefined
      : (await inForce.byHash(run.pinned.set)).flows.get(name);
  const current = set.flows.get(name);
  return [current, pinned].filter((flow) => flow !== undefined);
}

function letsApprovalsStand({ definition }: CompiledFlow): boolean {
  return definition.approval.some(({ reuse }) => reuse !== 'none');
}

/**
 * A new run is decided by what is in force; one that waited, by what it was opened under as well (law 7). That it asks for
 * what it was opened for is held against the latter: what is in force may have narrowed it since.
 */
export async function judge(
  walk: Pick<Walk, 'inForce' | 'runs'>,
  set: ArtefactSet,
  facts: Facts,
  run: OpenRun | null,
  now: number,
): Promise<Verdict> {
  const current = decide(set, facts, now);
  if (run === null) return current;
  const same = run.pinned.set === set.hash;
  const pinned = same ? current : decide(await walk.inForce.byHash(run.pinned.set), facts, now);
  const verdict = same ? current : bothSay(pinned, current);
  if (verdict.outcome === 'refused' || pinned.outcome === 'refused') return verdict;
  const changed = walk.runs.planProblem(pinned.bounds, run);
  return changed === null ? verdict : { outcome: 'refused', reasons: [changed], disclose: true };
}

async function act(walk: Walk, asked: Asked, verdict: Verdict, decided: Decided): Promise<Answer | Lost> {
  switch (verdict.outcome) {
    case 'refused':
      return decline(
        walk,
        asked,
        faultOf(verdict),
        verdict.reasons,
        verdict.disclose,
        decided.run?.id ?? null,
      );
    case 'waiting':
      return wait(walk, asked, verdict, decided);
    case 'issue':
      return issue(walk, asked, verdict, decided);
  }
}

async function wait(
  walk: Walk,
  asked: Asked,
  verdict: Waiting,
  { set, run, facts }: Decided,
): Promise<Answer | Lost> {
  if (run !== null) {
    await syncObligations(walk.ports, set, facts, run, verdict.obligations);
    return walk.runs.answer(run, verdict.obligations);
  }
  const opened = await walk.runs.open({ set, facts, verdict, requester: null, expect: [], write: () => [] });
  if ('reason' in opened) return decline(walk, asked, 'grant', [opened.reason], true, null);
  return walk.runs.answer(opened, verdict.obligations);
}

async function issue(
  walk: Walk,
  asked: Asked,
  verdict: Issue,
  { set, run, facts, decisions, now }: Decided,
): Promise<Answer | Lost> {
  const plan =
    run?.plan ??
    planDigest(walk.ports.sha256, verdict.bounds, { set: set.hash, flow: verdict.bounds.flow.hash });
  const approvals = countedApprovals(set, facts, verdict, plan, decisions);
  const issued = await walk.issueCredential(asked, verdict, { run, facts, plan, approvals }, now);
  if (issued.outcome === 'unsupported') {
    return decline(walk, asked, 'grant', [issued.reason], true, run?.id ?? null);
  }
  return issued;
}

const NOBODY: Reason = {
  stage: 'request',
  rule: 'right',
  message: 'this identity has no right to issue for that audience',
  help: 'ask the owner of the audience for a right',
};

interface NotFound {
  readonly fault: Fault;
  readonly reason: Reason;
  readonly disclose: boolean;
}

/**
 * The one right that fits. Whether the caller may learn that there is none, or more than one, depends on whether its
 * evidence identifies it to any flow of this identity: a stranger hears the same whatever exists.
 */
function findRight(
  set: ArtefactSet,
  asked: Asked,
  identity: Identity,
  evidence: readonly Evidence[],
  now: number,
): { readonly right: Right } | NotFound {
  const issuing = (right: Right): boolean => set.flows.get(right.flow)?.definition.issues === 'token';
  const candidates = rightsFor(set, {
    identity: identity.name,
    audience: asked.audience,
    flow: asked.flow,
  }).filter(issuing);
  const live = candidates.filter((right) => !right.suspended && now < right.expires);
  const [only, second] = live.length > 0 ? live : candidates;
  if (only !== undefined && second === undefined) return { right: only };
  const disclose = isKnown(set, identity, evidence);
  if (only === undefined) return { fault: 'target', reason: NOBODY, disclose };
  const message = 'more than one flow issues for that audience; name one as `flow` in authorization_details';
  return { fault: 'ambiguous', reason: { stage: 'request', rule: 'right', message }, disclose };
}

/** Whether the evidence matches every immutable id of some proof of some flow this identity has a right through. */
function isKnown(set: ArtefactSet, identity: Identity, evidence: readonly Evidence[]): boolean {
  return rightsFor(set, { identity: identity.name, audience: null, flow: null }).some((right) => {
    const proofs = set.flows.get(right.flow)?.definition.proof.proofs ?? [];
    return proofs.some((proof) => {
      const claims = set.anchors.get(proof.anchor)?.claims ?? {};
      const ids = Object.keys(proof.match).filter((claim) => claims[claim]?.identifies === true);
      const shown = evidence.find(({ anchor }) => anchor === proof.anchor);
      return (
        shown !== undefined &&
        ids.length > 0 &&
        ids.every((claim) => {
          const match = proof.match[claim];
          return match !== undefined && 'exact' in match && shown.claims[claim] === match.exact;
        })
      );
    });
  });
}

function faultOf({ reasons: [first] }: Refused): Fault {
  const { rule } = first;
  if (rule === 'request.scopes' || rule === 'entitlement.scopes') return 'scope';
  if (rule.startsWith('right.') && first.message.includes('scopes')) return 'scope';
  if (rule === 'request.audience' || rule === 'entitlement.audiences') return 'target';
  if (rule.startsWith('request.fields') || rule === 'request.ttl') return 'details';
  return 'grant';
}

/** A loss that trying again cannot mend. */
function spentOrUsedUp(loss: Loss, asked: Asked, ports: Ports): { fault: Fault; reason: Reason } | null {
  if (loss.kind === 'cell') return null;
  if (loss.kind === 'consumed') {
    ports.events.replayed({ identity: asked.clientId, key: loss.key });
    if (loss.key === asked.holder?.proof.key) {
      const message = 'this DPoP proof has been used';
      return {
        fault: 'dpop-replay',
        reason: { stage: 'bind', rule: 'bind.dpop', message, help: 'make a new one' },
      };
    }
    const message = 'this evidence has been used';
    return {
      fault: 'grant',
      reason: { stage: 'proof', rule: 'proof.replay', message, help: 'ask the issuer for a fresh token' },
    };
  }
  const right = loss.kind === 'live' ? loss.right : loss.counter.split('@')[0];
  const message =
    loss.kind === 'live'
      ? 'as many credentials as this right allows are alive'
      : 'the rate of this right is used up';
  return {
    fault: 'grant',
    reason: { stage: 'request', rule: `right.${right ?? ''}.budget`, message, help: 'wait' },
  };
}

function decline(
  walk: Walk,
  asked: Asked,
  fault: Fault,
  reasons: readonly Reason[],
  disclose: boolean,
  run: string | null,
): Declined {
  const told = disclose && !(asked.assertion !== undefined && reasons.some(isAboutTheClient));
  const refusal = { identity: asked.clientId, run, reasons, disclosed: told };
  // Without their signatures: another signature over the same token is the same evidence (law 10).
  const tokens = [
    ...asked.tokens.map(({ token }) => token),
    ...(asked.assertion === undefined ? [] : [asked.assertion]),
  ];
  const presented = tokens.map((token) => token.slice(0, token.lastIndexOf('.')));
  const reference = walk.refusals.record(refusal, disclose ? presented.join(' ') : null);
  return {
    outcome: 'declined',
    fault: told ? fault : asked.assertion === undefined ? 'grant' : 'client',
    reference,
    reasons: told ? reasons.map(({ expected: _owners, ...rest }) => rest) : null,
  };
}

/** A client that is frozen, expired or without owner is not told apart from one that is not there (C7). */
function isAboutTheClient({ rule }: Reason): boolean {
  return rule === 'gate.freeze' || rule.startsWith('identity.');
}
