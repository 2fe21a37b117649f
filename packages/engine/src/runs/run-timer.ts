import type { Write } from '@writ/core';
import { timerWrites } from './notices.ts';
import type { OpenRun } from './stored-run.ts';

/** What the one timer of a run does when it goes off. */
export type RunStep = 'remind' | 'escalate' | 'expire' | 'progress';

/** Milliseconds after which whoever approved last is taken to have died before the run went on. */
const STRANDED = 5_000;

/** When a step is due: reminders at half of the time, escalation at nine tenths, and the end. */
function dueAt({ openedAt, dueAt: end }: OpenRun, step: RunStep, now: number): number {
  const life = end - openedAt;
  switch (step) {
    case 'remind':
      return openedAt + Math.floor(life / 2);
    case 'escalate':
      return openedAt + Math.floor((life * 9) / 10);
    case 'expire':
      return end + 1;
    case 'progress':
      return now + STRANDED;
  }
}

/** Sets the run's timer to `step`; `now` is read only for what is due soon. */
export function runTimer(run: OpenRun, step: RunStep, now = 0): readonly Write[] {
  return timerWrites({
    id: `run/${run.id}`,
    kind: 'run',
    about: run.id,
    dueAt: dueAt(run, step, now),
    attempt: 0,
    body: step,
  });
}

/** The step that follows as of `now`. */
export function nextStep(run: OpenRun, now: number): RunStep {
  const steps: readonly RunStep[] = ['remind', 'escalate'];
  return steps.find((step) => dueAt(run, step, now) > now) ?? 'expire';
}

/** There is nothing more to do about this run. */
export function noTimer(run: OpenRun): readonly Write[] {
  return timerWrites({
    id: `run/${run.id}`,
    kind: 'run',
    about: run.id,
    dueAt: 0,
    attempt: 0,
    body: 'expire',
  });
}
