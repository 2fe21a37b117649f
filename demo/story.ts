import type { Canary } from './canary.ts';
import { play } from './play.ts';
import { createReport, type Telling } from './report.ts';
import type { Step } from './step.ts';

/** A demo: its stage, its steps in the order of a run, and what is said around them. */
export interface Story<S extends AsyncDisposable> extends Telling {
  readonly steps: readonly Step<S>[];
  /** Everything on stage is taken down again when it is disposed of. */
  open(canary: Canary): Promise<S>;
}

export interface TellOptions {
  readonly json: boolean;
  readonly canary: Canary;
  readonly write: (line: string) => void;
  readonly stop: AbortSignal;
}

/** Plays a story; answers whether every step came out as it must, and no secret had to be withheld. */
export async function tell<S extends AsyncDisposable>(
  story: Story<S>,
  { canary, stop, ...more }: TellOptions,
): Promise<boolean> {
  const from = performance.now();
  const { steps } = story;
  const report = createReport({ telling: story, canary, ...more });
  report.begin();
  await using scene = await story.open(canary);
  const results = await play(steps, scene, report, stop);
  report.end(results, steps.length, performance.now() - from);
  return results.length === steps.length && results.every(({ good }) => good) && !report.withheld;
}
