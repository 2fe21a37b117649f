import type { Evidence, Facts, Identity, Issue, Loss, Reason, Refused, Verdict, Waiting } from '@writ/core';
import { type ArtefactSet, decide, type Right, rightsFor } from '@writ/flow';
import { ATTEMPTS } from './append-until-won.ts';
import type { Answer, Asked, Declined, Fault } from './asked.ts';
import { bothSay } from './both-say.ts';
import { gatherFacts, type RunFacts } from './gather-facts.ts';
import type { InForce } from './in-force.ts';
import type { IssueCredential } from './issue-credential.ts';
import type { Ports } from './ports.ts';
import type { Refusals } from './refusal.ts';
import { readIdentity } from './stored.ts';
import { type Verified, verifyEvidence } from './verified-evidence.ts';
import type { OpenRun, WaitingRuns } from './waiting-runs.ts';

/** The parts of the engine that the walk goes through. */
export interface Walk {
  readonly ports: Ports;
  readonly inForce: InForce;
  readonly refusals: Refusals;
  readonly runs: WaitingRuns;
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
  const about = { identity, right: found.right, evidence };
  const run = asked.run === null ? null : await walk.runs.find(asked.run, asked);
  if (run !== null && 'reason' in run) {
    return decline(walk, asked, 'grant', [run.reason], isKnown(set, identity, evidence), asked.run);
  }
  const now = ports.now();
  const opened: RunFacts = run === null ? { openedAt: now, pinned: null } : run;
  const facts = await gatherFacts(ports, set, asked, about, opened, now);
  const verdict = await judge(walk, set, facts, run, now);
  return act(walk, asked, verdict, run, facts, now);
}

/**
 * A new run is decided by what is in force; one that waited, by what it was opened under as well (law 7). That it asks for
 * what it was opened for is held against the latter: what is in force may have narrowed it since.
 */
async function judge(
  walk: Walk,
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

async function act(
  walk: Walk,
  asked: Asked,
  verdict: Verdict,
  run: OpenRun | null,
  facts: Facts,
  now: number,
): Promise<Answer | Lost> {
  switch (verdict.outcome) {
    case 'refused':
      return decline(walk, asked, faultOf(verdict), verdict.reasons, verdict.disclose, run?.id ?? null);
    case 'waiting':
      return wait(walk, asked, verdict, run, facts);
    case 'issue':
      return issue(walk, asked, verdict, run, facts, now);
  }
}

async function wait(
  walk: Walk,
  asked: Asked,
  verdict: Waiting,
  run: OpenRun | null,
  facts: Facts,
): Promise<Answer | Lost> {
  const waiting = await walk.runs.keepWaiting(asked, verdict, run, facts);
  if ('reason' in waiting) return decline(walk, asked, 'grant', [waiting.reason], true, run?.id ?? null);
  return waiting;
}

async function issue(
  walk: Walk,
  asked: Asked,
  verdict: Issue,
  run: OpenRun | null,
  facts: Facts,
  now: number,
): Promise<Answer | Lost> {
  const issued = await walk.issueCredential(asked, verdict, run, facts, now);
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
  const refusal = { identity: asked.clientId, run, reasons, disclosed: disclose };
  // Without their signatures: another signature over the same token is the same evidence (law 10).
  const presented = asked.tokens.map(({ token }) => token.slice(0, token.lastIndexOf('.')));
  const reference = walk.refusals.record(refusal, disclose ? presented.join(' ') : null);
  return {
    outcome: 'declined',
    fault: disclose ? fault : 'grant',
    reference,
    reasons: disclose ? reasons.map(({ expected: _owners, ...told }) => told) : null,
  };
}
