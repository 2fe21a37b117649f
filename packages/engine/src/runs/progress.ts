import { type CommitResult, type Expect, type Refused, runCell, timerCell, WritError } from '@writ/core';
import { ATTEMPTS } from '../append-until-won.ts';
import type { InForce } from '../in-force.ts';
import type { Ports } from '../ports.ts';
import { type Refusals, refusalRow } from '../refusal.ts';
import { judge } from '../request.ts';
import { factsOfRun } from './act-facts.ts';
import type { Decisions } from './approvals.ts';
import type { Changes } from './change.ts';
import { countedApprovals } from './counted.ts';
import { closing, syncObligations } from './obligations.ts';
import { publishChange } from './publish-change.ts';
import { type Registration, registerIdentity } from './register-identity.ts';
import { stateOf } from './run-state.ts';
import { nextStep, noTimer, runTimer } from './run-timer.ts';
import { endedRow, type OpenRun } from './stored-run.ts';
import type { WaitingRuns } from './waiting-runs.ts';

/** The parts that runs go through. */
export interface RunParts {
  readonly ports: Ports;
  readonly inForce: InForce;
  readonly runs: WaitingRuns;
  readonly decisions: Decisions;
  readonly refusals: Refusals;
  readonly changes: Changes;
  /** what is to be done once another set is in force */
  readonly published: () => Promise<void>;
}

/**
 * Decides a run again, with all that has arrived: what people asked for goes on by itself; what a machine asked for goes on
 * when it comes back with fresh evidence, and only its obligations are brought up to date. Safe to call at any time, by
 * several at once: the commit that ends a run expects that it waits.
 */
export async function progress(parts: RunParts, id: string): Promise<void> {
  const { ports, inForce } = parts;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const run = await waitingRun(parts, id);
    if (run === null) return;
    const timer = await timerOf(ports, run);
    const set = await inForce.current();
    const decisions = await parts.decisions.of(run.id, run.row.identity);
    const isAct = run.body.act;
    // The evidence of a machine is as old as the run by now; who is still to be asked is not a matter of its age.
    const now = isAct ? ports.now() : run.openedAt;
    const facts = await factsOfRun(parts, set, run, decisions, now);
    const verdict = await judge(parts, set, facts, run, now);
    if (verdict.outcome === 'waiting') {
      await syncObligations(ports, set, facts, run, verdict.obligations);
      await rearm(ports, run, timer);
      return;
    }
    if (!isAct) {
      if (verdict.outcome === 'issue') await syncObligations(ports, set, facts, run, []);
      await rearm(ports, run, timer);
      return;
    }
    if (verdict.outcome === 'refused') {
      await refuseRun(parts, run, verdict);
      return;
    }
    const approvals = countedApprovals(set, facts, verdict, run.plan, decisions);
    const result = await perform(parts, { set, facts, verdict, run, approvals });
    if (result.outcome === 'committed') {
      const { flow, identity } = run.row;
      const index = result.inclusion?.index ?? -1;
      ports.events.issued({ run: run.id, identity, flow, audience: verdict.bounds.audience, index });
      return;
    }
    inForce.refresh();
  }
  throw new WritError('contention', 'others kept changing what this run rests on; it is tried again');
}

/** The one commit that an act is. */
async function perform(parts: RunParts, of: Registration): Promise<CommitResult> {
  const { ports, inForce } = parts;
  if (of.verdict.bounds.generate.kind !== 'change') return registerIdentity(ports, inForce, of);
  const result = await publishChange(ports, inForce, of);
  if (result.outcome === 'committed') await parts.published();
  return result;
}

/** The run, if its row and its cell say that it waits and its time is not up. */
export async function waitingRun(
  { ports, runs }: Pick<RunParts, 'ports' | 'runs'>,
  id: string,
): Promise<OpenRun | null> {
  const run = await runs.byId(id);
  if (run === null || stateOf(run.row.state, run.dueAt, ports.now()) !== 'waiting') return null;
  const cell = runCell(run.id);
  return (await ports.store.read.cells([cell]))[cell] === 'waiting' ? run : null;
}

type TimerExpected = Extract<Expect, { kind: 'cell' }>;

async function timerOf({ store }: Ports, { id }: OpenRun): Promise<TimerExpected> {
  const cell = timerCell(`run/${id}`);
  return { kind: 'cell', cell, is: (await store.read.cells([cell]))[cell] ?? null };
}

/** Sets the timer to the next step, unless it was set meanwhile: whoever decides then has it go on, also if they die before. */
async function rearm(ports: Ports, run: OpenRun, timer: TimerExpected): Promise<void> {
  await ports.store.commit({
    expect: [{ kind: 'cell', cell: runCell(run.id), is: 'waiting' }, timer],
    consume: [],
    append: null,
    write: runTimer(run, nextStep(run, ports.now())),
  });
}

async function refuseRun({ ports }: RunParts, run: OpenRun, { reasons, disclose }: Refused): Promise<void> {
  const { identity } = run.row;
  const refusal = { reference: run.id, at: ports.now(), identity, run: run.id, reasons, disclosed: disclose };
  await ports.store.commit({
    expect: [{ kind: 'cell', cell: runCell(run.id), is: 'waiting' }],
    consume: [],
    append: null,
    write: [
      { kind: 'cell', cell: runCell(run.id), value: 'refused' },
      { kind: 'row', table: 'runs', row: endedRow(run, 'refused') },
      { kind: 'row', table: 'decisions', row: refusalRow(refusal) },
      ...(await closing(ports, run.id, 'void')),
      ...noTimer(run),
    ],
  });
  const [{ stage, rule }] = reasons;
  ports.events.refused({ reference: run.id, identity, stage, rule });
}
