import {
  type Facts,
  type Identity,
  isWellFormed,
  type Json,
  type Obligation,
  type Session,
  WritError,
} from '@writ/core';
import { type ArtefactSet, assessControls, nearMisses, rightsFor, whoDecides } from '@writ/flow';
import type { InForce } from '../in-force.ts';
import type { Ports } from '../ports.ts';
import type { Refusals } from '../refusal.ts';
import { parse } from '../stored.ts';
import { factsOfRun } from './act-facts.ts';
import type { Decisions } from './approvals.ts';
import { type Changes, CONTROL_PLANE } from './change.ts';
import { changesOf } from './changes.ts';
import { obligationsOf } from './obligations.ts';
import { stateOf } from './run-state.ts';
import type { ApprovalView, BlastRadius, RunState, RunView } from './runs.ts';
import { similarTo } from './similar.ts';
import type { OpenRun } from './stored-run.ts';
import type { VerifiedDecision } from './verified-decision.ts';
import { isBehind, seesIdentity, type Viewer, viewerOf } from './visible.ts';
import type { WaitingRuns } from './waiting-runs.ts';

/** The parts of the engine that show runs to people. */
export interface ViewParts {
  readonly ports: Ports;
  readonly inForce: InForce;
  readonly runs: WaitingRuns;
  readonly decisions: Decisions;
  readonly refusals: Refusals;
  readonly changes: Changes;
}

/** A run with everything that was read to see whom it is for. */
export interface Seen {
  readonly run: OpenRun;
  readonly set: ArtefactSet;
  readonly facts: Facts;
  readonly decisions: readonly VerifiedDecision[];
  readonly viewer: Viewer;
  readonly state: RunState;
  readonly obligations: RunView['obligations'];
  /** Everything that an approver is given, which takes as long again to read. */
  readonly view: () => Promise<RunView>;
}

/** The run as this person may see it; null for a run that is not there, and for one that is none of theirs. */
export async function seenRun(parts: ViewParts, session: Session, id: string): Promise<Seen | null> {
  if (id === '' || id.length > 200 || !isWellFormed(id)) return null;
  const run = await parts.runs.byId(id);
  const set = await parts.inForce.current();
  const viewer = await viewerOf(parts.ports, set, session);
  if (run === null || viewer === null) return null;
  const decisions = await parts.decisions.of(run.id, run.row.identity);
  const facts = await factsOfRun(parts, set, run, decisions, run.openedAt, session.person);
  const obligations = await demandedOf(parts, set, facts, run, viewer);
  if (!mayRead(viewer, run, facts, obligations)) return null;
  const state = stateOf(run.row.state, run.dueAt, parts.ports.now());
  const read = { run, set, facts, decisions, viewer, state, obligations };
  return { ...read, view: async () => viewOf(parts, read) };
}

type Demanded = RunView['obligations'][number];

async function demandedOf(
  { ports }: ViewParts,
  set: ArtefactSet,
  facts: Facts,
  run: OpenRun,
  { person }: Viewer,
): Promise<readonly Demanded[]> {
  const rows = await obligationsOf(ports, run.id);
  return rows
    .filter(({ kind }) => kind === 'approval' || kind === 'confirmation')
    .map((row) => {
      const obligation = parse<Obligation>(row.body, 'obligation');
      const { persons, assignee } = whoDecides(set, facts, run.openedAt, obligation);
      const mine = row.state === 'open' && persons.some(({ id }) => id === person.id);
      const missing = row.state === 'open' ? obligation.missing : 0;
      return { ...obligation, missing, assignee: assignee ?? 'nobody', mine };
    });
}

function mayRead(viewer: Viewer, run: OpenRun, facts: Facts, obligations: readonly Demanded[]): boolean {
  const { person } = viewer;
  return (
    run.body.requester === person.id ||
    (facts.identity !== null && seesIdentity(viewer, facts.identity)) ||
    (facts.before !== null && seesIdentity(viewer, facts.before)) ||
    obligations.some(({ assignee, mine }) => mine || isBehind(person, assignee))
  );
}

async function viewOf(
  { ports, refusals, changes }: ViewParts,
  { run, set, facts, decisions, state, obligations }: Omit<Seen, 'view'>,
): Promise<RunView> {
  const { row, body } = run;
  const { identity, before } = facts;
  if (identity === null) throw new WritError('unknown', 'there is no such identity');
  const refusal = state === 'refused' ? await refusals.find(run.id) : null;
  const flow = set.flows.get(row.flow);
  return {
    run: run.id,
    flow: row.flow,
    identity: row.identity,
    state,
    requester: body.requester,
    openedAt: run.openedAt,
    dueAt: state === 'waiting' ? run.dueAt : 0,
    plan: run.plan,
    planJson: body.plan,
    flowVersion: flow?.definition.version ?? 0,
    purpose: identity.purpose,
    owner: (before ?? identity).owner,
    proven: provenOf(body.plan),
    facts: body.facts,
    obligations,
    approvals: decisions.filter((each) => each.run === run.id).map(decisionView),
    changes: body.proposal === null ? [] : changesOf(before, body.proposal),
    similar: await similarTo(ports, identity),
    nearMisses: nearMisses(set, facts, run.openedAt),
    blastRadius: await blastRadius(ports, set, identity),
    change: row.identity === CONTROL_PLANE ? await reportOf(changes, run) : null,
    // The frameworks speak of identities, and a change is asked for in the name of none.
    controls: row.identity === CONTROL_PLANE ? [] : assessControls(set, facts, run.openedAt),
    reasons: refusal?.reasons ?? [],
  };
}

function decisionView({ rule, person, decision, at, index, reason }: VerifiedDecision): ApprovalView {
  return { rule, person, decision, at, index, reason };
}

/** What a proposed set changes, as it was compared. */
async function reportOf(changes: Changes, { body }: OpenRun): Promise<Json> {
  const { base, set } = body.request.fields;
  return typeof base === 'string' && typeof set === 'string' ? (await changes.judge(base, set)).report : null;
}

/** The claims that were proven stand in the plan. */
function provenOf(plan: Json): RunView['proven'] {
  const proofs = typeof plan === 'object' && plan !== null && 'proofs' in plan ? plan['proofs'] : [];
  return parse<RunView['proven']>(JSON.stringify(proofs ?? []), 'plan');
}

/** Credentials that are counted at most: more is told as so many. */
const MOST_COUNTED = 1_000;

async function blastRadius(
  { store, now }: Ports,
  set: ArtefactSet,
  identity: Identity,
): Promise<BlastRadius> {
  const { audiences, scopes, environments } = identity.entitlement;
  const rows = await store.read.rows('credentials', {
    column: 'identity',
    equals: identity.name,
    limit: MOST_COUNTED,
  });
  const alive = rows.filter(({ state, expires_at: end }) => state === 'issued' && end > now());
  const rights = rightsFor(set, { identity: identity.name, audience: null, flow: null });
  return {
    audiences,
    scopes,
    environments,
    liveCredentials: alive.length,
    rights: rights.map(({ id }) => id),
  };
}
