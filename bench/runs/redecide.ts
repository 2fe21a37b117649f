import { type Row, timerCell, type Write } from '@writ/core';
import { rounded } from './figure.ts';
import type { WaitingRun } from './fill.ts';
import type { Place } from './place.ts';

/** Runs that were decided again, and how fast. */
export interface Redecided {
  readonly n: number;
  readonly seconds: number;
  readonly perSecond: number;
}

/**
 * Makes it due that these runs are gone on with, as an approval does, and has the reconciler do it: each is claimed, read
 * and verified, decided anew under what is in force, and its timer is set again, in two durable commits.
 */
export async function redecide({ house }: Place, runs: readonly WaitingRun[]): Promise<Redecided> {
  const { store } = house.house;
  const due = house.clock.now();
  const write = runs.flatMap(({ run }): readonly Write[] => {
    const id = `run/${run}`;
    const row: Row<'timers'> = {
      id,
      kind: 'run',
      about: run,
      due_at: due,
      attempt: 0,
      state: 'due',
      body: 'progress',
    };
    return [
      { kind: 'cell', cell: timerCell(id), value: JSON.stringify([0, due]) },
      { kind: 'row', table: 'timers', row },
    ];
  });
  await store.commit({ expect: [], consume: [], append: null, write });
  const began = performance.now();
  let n = 0;
  for (;;) {
    const done = await house.engine.reconciler.tick();
    if (done === 0) break;
    n += done;
  }
  const seconds = (performance.now() - began) / 1000;
  if (n < runs.length) throw new Error(`${n} of ${runs.length} runs were decided again`);
  return { n, seconds: rounded(seconds), perSecond: rounded(n / seconds) };
}
