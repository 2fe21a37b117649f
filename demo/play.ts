import { problemOf, type Report, type Result } from './report.ts';
import type { Step } from './step.ts';

/** Every step is played, whatever became of the ones before: what needs them says so. */
export async function play<S>(
  steps: readonly Step<S>[],
  scene: S,
  report: Report,
  stop: AbortSignal,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const step of steps) {
    if (stop.aborted) break;
    const from = performance.now();
    const ms = (): number => performance.now() - from;
    const result = await step.run(scene).then(
      (shown): Result => ({ good: true, step, shown, ms: ms() }),
      (error: unknown): Result => ({ good: false, step, problem: problemOf(error), ms: ms() }),
    );
    results.push(result);
    report.step(result);
  }
  return results;
}
