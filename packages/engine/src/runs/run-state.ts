import type { RunState } from './runs.ts';

const STATES = ['issued', 'refused', 'denied', 'cancelled', 'expired'] as const;

/** What has become of a run, from the state of its row and its due time: one that is over waits for nobody, whether or not that has been written down. */
export function stateOf(text: string, dueAt: number, now: number): RunState {
  const ended = STATES.find((state) => state === text);
  return ended ?? (dueAt <= now ? 'expired' : 'waiting');
}
