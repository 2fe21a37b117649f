import type { UserConsoleLog } from 'vitest';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Ends every test run with `<n> passed, <m> failed` alone on a line, so that whoever reads the output knows that tests
 * ran. Before it comes every line a test began with `ABSENT:`, which says that a real peer it needs was not there.
 */
export class CountReporter implements Reporter {
  readonly #absent = new Set<string>();

  onUserConsoleLog({ content }: UserConsoleLog): void {
    for (const line of content.split('\n')) if (line.startsWith('ABSENT:')) this.#absent.add(line);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    const failedTests = tests.filter((test) => test.result().state === 'failed').length;
    // A file that does not load and an error outside any test fail the run too, and belong to no test.
    const failedElsewhere = errors.length + modules.filter((module) => module.errors().length > 0).length;
    const lines = [...this.#absent, `${passed} passed, ${failedTests + failedElsewhere} failed`];
    process.stdout.write(`\n${lines.join('\n')}\n`);
  }
}
