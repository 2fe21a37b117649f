import {
  type Bounds,
  type Facts,
  type PinnedTo,
  planDigest,
  type Reason,
  type Row,
  runCell,
  type StoredRow,
  type Waiting,
  WritError,
} from '@writ/core';
import type { Asked, StillWaiting } from './asked.ts';
import type { Ports } from './ports.ts';
import { type RunBody, readRunBody } from './stored.ts';

/** A run that waits, as its row has it. Times in milliseconds since the epoch. */
export interface OpenRun {
  readonly id: string;
  readonly openedAt: number;
  readonly dueAt: number;
  readonly pinned: PinnedTo;
  readonly plan: string;
}

type Problem = { readonly reason: Reason };

export interface WaitingRuns {
  /** The run a request names, if it is this caller's: same identity, same key. */
  find(id: string, asked: Asked): Promise<OpenRun | Problem>;
  /** Whether what would be issued is what the run was opened for. */
  planProblem(bounds: Bounds, run: OpenRun): Reason | null;
  /** Opens the run under the set that decided, or finds it open; the answer is what the caller waits for. */
  keepWaiting(
    asked: Asked,
    verdict: Waiting,
    run: OpenRun | null,
    facts: Facts,
  ): Promise<StillWaiting | Problem>;
}

/** Seconds a client leaves between two polls. */
const INTERVAL = 5;
/** Runs one identity may have waiting. */
const MOST_WAITING = 100;
/** Rows read at once. */
const PAGE = 1_000;

export function createWaitingRuns(ports: Ports): WaitingRuns {
  const { store, now, ids, events } = ports;

  const planOf = (bounds: Bounds, pinned: PinnedTo): string => planDigest(ports.sha256, bounds, pinned);

  const planProblem = (bounds: Bounds, run: OpenRun): Reason | null =>
    planOf(bounds, run.pinned) === run.plan
      ? null
      : problem('run.plan', 'what is asked is not what this run was opened for').reason;

  const answer = (run: OpenRun, verdict: Waiting): StillWaiting => ({
    outcome: 'waiting',
    run: run.id,
    interval: INTERVAL,
    expiresIn: Math.max(0, Math.floor((run.dueAt - now()) / 1000)),
    obligations: verdict.obligations,
  });

  /** Those whose time is not up, of everybody: a run that ended has no due time. */
  const allWaiting = async (): Promise<readonly StoredRow<'runs'>[]> => {
    const rows: StoredRow<'runs'>[] = [];
    const due = { column: 'due_at', from: now() + 1, below: Number.MAX_SAFE_INTEGER, limit: PAGE } as const;
    for (;;) {
      const page = await store.read.rows('runs', { ...due, after: rows.at(-1)?.id });
      rows.push(...page);
      if (page.length < PAGE) return rows.filter(({ state }) => state === 'waiting');
    }
  };

  const open = async (
    asked: Asked,
    verdict: Waiting,
    facts: Facts,
    pinned: PinnedTo,
  ): Promise<StillWaiting | Problem> => {
    const waiting = (await allWaiting()).filter(({ identity }) => identity === asked.clientId);
    // The plan has the run's own end, so it is held against each run as if it had been opened with it.
    const same = waiting.find(
      (row) =>
        row.holder === holderOf(asked) &&
        row.pinned === pinned.set &&
        planOf(verdict.bounds, openRun(row).pinned) === row.plan,
    );
    if (same !== undefined) return answer(openRun(same), verdict);
    if (waiting.length >= MOST_WAITING)
      return problem('run.limit', 'this identity has too many runs waiting');
    const row: Row<'runs'> = {
      id: ids.run(),
      identity: asked.clientId,
      flow: facts.request.flow,
      pinned: pinned.set,
      plan: planOf(verdict.bounds, pinned),
      holder: holderOf(asked),
      state: 'waiting',
      opened_at: facts.openedAt,
      due_at: Math.min(...verdict.obligations.map(({ expires }) => expires)),
      body: JSON.stringify(bodyOf(verdict, pinned)),
    };
    const opened = await store.commit({
      expect: [{ kind: 'cell', cell: runCell(row.id), is: null }],
      consume: [],
      append: null,
      write: [
        { kind: 'cell', cell: runCell(row.id), value: 'waiting' },
        { kind: 'row', table: 'runs', row },
      ],
    });
    if (opened.outcome === 'lost') throw new WritError('conflict', `the run \`${row.id}\` is there already`);
    events.waiting({
      run: row.id,
      identity: row.identity,
      flow: row.flow,
      obligations: verdict.obligations.length,
    });
    return answer(openRun(row), verdict);
  };

  return {
    planProblem,
    find: async (id, asked) => {
      const row = await store.read.row('runs', id);
      if (
        row === null ||
        row.identity !== asked.clientId ||
        row.state !== 'waiting' ||
        row.holder !== holderOf(asked)
      ) {
        return problem('run', 'no such run waits for this caller');
      }
      return row.due_at > now() ? openRun(row) : problem('run.expired', 'this run has expired');
    },
    keepWaiting: async (asked, verdict, run, facts) => {
      if (run !== null) return answer(run, verdict);
      const { flow, notIssuedAfter } = verdict.bounds;
      return open(asked, verdict, facts, { set: verdict.artefacts, flow: flow.hash, notIssuedAfter });
    },
  };
}

function holderOf(asked: Asked): string {
  return asked.holder?.key.thumbprint ?? '';
}

function bodyOf(verdict: Waiting, pinned: PinnedTo): RunBody {
  return {
    flowHash: pinned.flow,
    notIssuedAfter: verdict.bounds.notIssuedAfter,
    obligations: verdict.obligations.map(({ rule, expires, kind }) => ({ rule, expires, kind })),
  };
}

function openRun(row: Row<'runs'>): OpenRun {
  const { flowHash, notIssuedAfter } = readRunBody({ ...row, entry: null });
  return {
    id: row.id,
    openedAt: row.opened_at,
    dueAt: row.due_at,
    pinned: { set: row.pinned, flow: flowHash, notIssuedAfter },
    plan: row.plan,
  };
}

function problem(rule: string, message: string): Problem {
  return { reason: { stage: 'request', rule, message, help: 'ask again without `writ_run`' } };
}
