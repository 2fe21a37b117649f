import type { RunState } from './runs.ts';

const ENDED = ['issued', 'refused', 'denied', 'cancelled', 'expired'] as const;

/**
 * What has become of a run, from the state of its row and its due time: one that is over waits for nobody, whether or not that
 * has been written down, and one whose state is not known goes no further (law 1).
 */
export function stateOf(text: string, dueAt: number, now: number): RunState {
  if (text === 'waiting') return dueAt <= now ? 'expired' : 'waiting';
  return ENDED.find((state) => state === text) ?? 'refused';
}
