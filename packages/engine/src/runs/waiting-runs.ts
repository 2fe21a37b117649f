import {
  askedCell,
  type Bounds,
  canonicalJson,
  type Expect,
  type Facts,
  type Obligation,
  type PinnedTo,
  planDigest,
  planOf,
  type Reason,
  type Row,
  runCell,
  toHex,
  utf8,
  type Waiting,
  type WebhookEvent,
  WritError,
  type Write,
} from '@writ/core';
import { type ArtefactSet, isAct, membersOf, whoDecides } from '@writ/flow';
import type { Asked, StillWaiting } from '../asked.ts';
import type { Ports } from '../ports.ts';
import { notices } from './notices.ts';
import { stateOf } from './run-state.ts';
import { runTimer } from './run-timer.ts';
import { type OpenRun, openRun, runRowOf } from './stored-run.ts';
import { storedEvidence, valueJson } from './stored-value.ts';

type Problem = { readonly reason: Reason };

/** A run that is being opened. */
export interface Opening {
  readonly set: ArtefactSet;
  readonly facts: Facts;
  readonly verdict: Waiting;
  /** `user:…`, or null where a machine asks */
  readonly requester: string | null;
  /** what else the opening commit expects and writes */
  readonly expect: readonly Expect[];
  readonly write: (run: string) => readonly Write[];
}

export interface WaitingRuns {
  /** The run a request names, if it is this caller's: same identity, same key. */
  find(id: string, asked: Asked): Promise<OpenRun | Problem>;
  /** The run with this id, in whatever state; null where there is none that waited. */
  byId(id: string): Promise<OpenRun | null>;
  /** Whether what would be issued is what the run was opened for. */
  planProblem(bounds: Bounds, run: OpenRun): Reason | null;
  /** Opens a run under the set that decided, or finds the one that the same request opened. */
  open(opening: Opening): Promise<OpenRun | Problem>;
  answer(run: OpenRun, obligations: readonly Obligation[]): StillWaiting;
}

/** Seconds a client leaves between two polls. */
const INTERVAL = 5;
/** Runs that one identity may open in an hour. */
const MOST_AN_HOUR = 100;
const HOUR = 3_600_000;

export function createWaitingRuns(ports: Ports): WaitingRuns {
  const { store, now, ids, events } = ports;

  const byId = async (id: string): Promise<OpenRun | null> => {
    const row = await store.read.row('runs', id);
    return row === null || row.body === '{}' ? null : openRun(ports, row);
  };

  /** A run goes on as long as its row and its cell say that it waits and its time is not up. */
  const goesOn = async (run: OpenRun | null): Promise<OpenRun | null> => {
    if (run === null || stateOf(run.row.state, run.dueAt, now()) !== 'waiting') return null;
    const cell = runCell(run.id);
    return (await store.read.cells([cell]))[cell] === 'waiting' ? run : null;
  };

  const planProblem = (bounds: Bounds, run: OpenRun): Reason | null =>
    planDigest(ports.sha256, bounds, run.pinned) === run.plan
      ? null
      : problem('run.plan', 'what is asked is not what this run was opened for').reason;

  const open = async (opening: Opening): Promise<OpenRun | Problem> => {
    const { facts, set } = opening;
    const cell = askedCell(digestOf(ports, set, facts));
    const before = (await store.read.cells([cell]))[cell] ?? null;
    const same = before === null ? null : await goesOn(await byId(before));
    if (same !== null) return same;
    const run = runOf(ports, opening, ids.run());
    const hour = Math.floor(now() / HOUR) * HOUR;
    const result = await store.commit({
      expect: [
        ...opening.expect,
        { kind: 'cell', cell, is: before },
        { kind: 'cell', cell: runCell(run.id), is: null },
        {
          kind: 'rate',
          counter: `runs of ${run.row.identity}@${hour}`,
          limit: MOST_AN_HOUR,
          until: hour + HOUR,
        },
      ],
      consume: [],
      append: null,
      write: [
        { kind: 'cell', cell, value: run.id },
        ...openingWrites(ports, opening, run),
        ...opening.write(run.id),
      ],
    });
    if (result.outcome === 'lost') {
      if (result.loss.kind === 'rate') return problem('run.limit', 'this identity has opened too many runs');
      // Somebody asked the same at the same moment: theirs is the run.
      const theirs = (await store.read.cells([cell]))[cell] ?? null;
      const found = theirs === null ? null : await goesOn(await byId(theirs));
      if (found !== null && opening.expect.length === 0) return found;
      throw new WritError('contention', 'others changed what this rests on; ask again');
    }
    events.waiting({
      run: run.id,
      identity: run.row.identity,
      flow: run.row.flow,
      obligations: opening.verdict.obligations.length,
    });
    return run;
  };

  return {
    byId,
    planProblem,
    open,
    find: async (id, asked) => {
      const row = await store.read.row('runs', id);
      const holder = asked.holder?.key.thumbprint ?? '';
      if (row === null || row.identity !== asked.clientId || row.holder !== holder)
        return problem('run', 'no such run waits for this caller');
      const state = stateOf(row.state, row.due_at, now());
      if (state === 'expired') return problem('run.expired', 'this run has expired');
      if (state === 'denied') return problem('run.denied', 'an approver denied this run');
      if (state !== 'waiting') return problem('run', 'no such run waits for this caller');
      return openRun(ports, row);
    },
    answer: (run, obligations) => ({
      outcome: 'waiting',
      run: run.id,
      interval: INTERVAL,
      expiresIn: Math.max(0, Math.floor((run.dueAt - now()) / 1000)),
      obligations,
    }),
  };
}

/** Names a request and who makes it, under what it would be decided by: whoever asks it again goes on with the same run. */
function digestOf(
  { sha256 }: Ports,
  set: ArtefactSet,
  { request, holder, identity, evidence }: Facts,
): string {
  const person = evidence.flatMap(({ signIn, claims, issuer }) =>
    signIn === undefined ? [] : [[issuer, claims['subject'] ?? claims['sub']]],
  );
  const about = {
    set: set.hash,
    request: { ...request, fields: { ...request.fields } },
    holder: holder?.thumbprint ?? '',
    revision: identity?.revision ?? 0,
    proposal: request.right === '' ? JSON.stringify(identity) : '',
    person: JSON.stringify(person),
  };
  return toHex(sha256(utf8(canonicalJson(about))));
}

function runOf(ports: Ports, { verdict, facts, set, requester }: Opening, id: string): OpenRun {
  const { bounds, obligations } = verdict;
  const pinned: PinnedTo = { set: set.hash, flow: bounds.flow.hash, notIssuedAfter: bounds.notIssuedAfter };
  const columns: Omit<Row<'runs'>, 'body'> = {
    id,
    identity: bounds.identity.name,
    flow: bounds.flow.name,
    pinned: set.hash,
    plan: planDigest(ports.sha256, bounds, pinned),
    holder: facts.holder?.thumbprint ?? '',
    state: 'waiting',
    opened_at: facts.openedAt,
    // A run that waits for nobody goes on at once; what a crash left of it may do so for an hour.
    due_at:
      obligations.length === 0
        ? facts.openedAt + HOUR
        : Math.min(...obligations.map(({ expires }) => expires)),
  };
  const sources = Object.entries(facts.sources).map(([name, { value }]) => [name, valueJson(value)] as const);
  const row = runRowOf(ports, columns, {
    flowHash: bounds.flow.hash,
    notIssuedAfter: bounds.notIssuedAfter,
    requester,
    request: facts.request,
    holder: facts.holder,
    evidence: facts.evidence.map(storedEvidence),
    act: isAct(set.flows.get(bounds.flow.name)?.definition.issues ?? 'token'),
    proposal: bounds.proposal === null ? null : facts.identity,
    plan: planOf(bounds, pinned),
    facts: Object.fromEntries(sources),
  });
  return openRun(ports, { ...row, entry: null });
}

function openingWrites(ports: Ports, { set, facts, verdict }: Opening, run: OpenRun): readonly Write[] {
  const obligations = verdict.obligations.map((obligation) => obligationRow(set, facts, run, obligation));
  const waiting: WebhookEvent = {
    type: 'run.waiting',
    timestampMs: facts.openedAt,
    data: {
      run: run.id,
      flow: run.row.flow,
      identity: run.row.identity,
      obligations: obligations.map(({ rule, assignee, due_at: due }) => ({ rule, assignee, due })),
    },
  };
  return [
    { kind: 'cell', cell: runCell(run.id), value: 'waiting' },
    { kind: 'row', table: 'runs', row: run.row },
    ...obligations.map((row): Write => ({ kind: 'row', table: 'obligations', row })),
    ...runTimer(run, 'remind'),
    ...notices(ports, waiting),
  ];
}

/** What the row of an obligation keeps. */
export interface AssignedBody extends Obligation {
  /** those among whom is asked who may not: the requester, for instance. Their inboxes leave it out */
  readonly excluded: readonly string[];
}

/** What is demanded, as the row by which those who are asked find it. */
export function obligationRow(
  set: ArtefactSet,
  facts: Facts,
  run: OpenRun,
  obligation: Obligation,
): Row<'obligations'> {
  const { assignee, persons } = whoDecides(set, facts, facts.openedAt, obligation);
  const { rule, kind, expires } = obligation;
  const asked = membersOf(facts.people, assignee ?? '').map(({ id }) => id);
  const body: AssignedBody = {
    ...obligation,
    excluded: asked.filter((id) => !persons.some((person) => person.id === id)),
  };
  return {
    id: `${run.id}/${rule}`,
    run: run.id,
    rule,
    kind,
    assignee: assignee ?? 'nobody',
    state: 'open',
    opened_at: facts.openedAt,
    due_at: expires,
    body: JSON.stringify(body),
  };
}

function problem(rule: string, message: string): Problem {
  return { reason: { stage: 'request', rule, message, help: 'ask again without `writ_run`' } };
}
