import type { FlowTestRun } from '@writ/flow';

/** A line for each test, and under one that failed what was not as it says. */
export function testLines({ path, file, results }: FlowTestRun): readonly string[] {
  if (file === null) return [];
  return results.flatMap(({ name, line, failures }) =>
    failures.length === 0
      ? [`ok      ${file.flow}: ${name}`]
      : [`FAILED  ${path}:${line}: ${name}`, ...failures.map((failure) => `          ${failure}`)],
  );
}

/** `tests 41/41` */
export function testSummary(runs: readonly FlowTestRun[]): string {
  const results = runs.flatMap((run) => run.results);
  const passed = results.filter(({ failures }) => failures.length === 0);
  return `tests ${passed.length}/${results.length}`;
}

/** What `--json` prints. Milliseconds. */
export function testJson(runs: readonly FlowTestRun[], elapsed: number): object {
  return {
    schema: 'writ.flow-test/v1',
    elapsed_ms: Math.round(elapsed),
    files: runs.map(({ path, file, problems, results, notes }) => ({
      path,
      flow: file?.flow ?? null,
      problems,
      tests: results,
      notes,
    })),
  };
}
