import { setTimeout as pause } from 'node:timers/promises';
import type { Api, Run } from '@writ/client';
import { CommandFailure } from './exit-code.ts';
import { clean, say } from './output/print.ts';
import { stepsOf } from './output/run-report.ts';

/** Milliseconds between two looks. */
const LOOK = 1_000;

/**
 * Tells each step of a run on standard error until `done`, and gives back how it is then. Interrupting leaves the run as it
 * is, and says how to go on.
 * @throws CommandFailure `pending` when the time is over, or somebody interrupts
 */
export async function followRun(
  api: Api,
  id: string,
  milliseconds: number,
  done: (run: Run) => boolean,
): Promise<Run> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await lookUntil(api, id, Date.now() + milliseconds, done, interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    throw new CommandFailure(
      'pending',
      `the run goes on without you; look again with \`writ wait ${clean(id)}\``,
      {
        cause: error,
      },
    );
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function lookUntil(
  api: Api,
  id: string,
  until: number,
  done: (run: Run) => boolean,
  signal: AbortSignal,
): Promise<Run> {
  const told = new Set<string>();
  for (;;) {
    const { value: run } = await api.getRun(id);
    for (const step of stepsOf(run)) {
      if (!told.has(step)) say(step);
      told.add(step);
    }
    if (done(run)) return run;
    const left = until - Date.now();
    if (left <= 0)
      throw new CommandFailure('pending', `the run still waits; look again with \`writ wait ${clean(id)}\``);
    await pause(Math.min(LOOK, left), undefined, { signal });
  }
}
