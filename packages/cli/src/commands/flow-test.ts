import { statSync } from 'node:fs';
import type { FlowTestRun } from '@writ/flow';
import { formatProblem } from '@writ/flow';
import type { Command } from 'commander';
import { CommandFailure } from '../exit-code.ts';
import { clean, formatOf, type OutputOptions, out, say } from '../output/print.ts';
import { testJson, testLines, testSummary } from '../output/test-report.ts';
import { withOutput } from './operator.ts';
import { found } from './server.ts';

/** `flow test`: runs `*.test.yaml` on the real engine. It needs no server. */
export function testCommand(flow: Command): void {
  withOutput(flow.command('test [paths...]').description('run flow tests on the real engine'))
    .addHelpText(
      'after',
      '\nPaths are one directory, or `*.test.yaml` files of one.\n\nExample:\n  writ flow test examples/acme',
    )
    .action(async (paths: string[], options: OutputOptions) => {
      const started = performance.now();
      const runs = await run(paths);
      const elapsed = performance.now() - started;
      if (formatOf(options) === 'table') {
        for (const line of runs.flatMap(testLines)) out(clean(line));
        for (const note of runs.flatMap(({ notes }) => notes)) say(clean(note));
        out(`${testSummary(runs)}  in ${(elapsed / 1000).toFixed(1)} s`);
      } else out(JSON.stringify(testJson(runs, elapsed), null, 2));
      const mistakes = runs.flatMap(({ problems }) => problems);
      for (const problem of mistakes) say(clean(formatProblem(problem)));
      if (mistakes.length > 0) throw new CommandFailure('failure', `${mistakes.length} mistakes`);
      const failed = runs.flatMap(({ results }) => results).filter(({ failures }) => failures.length > 0);
      if (failed.length > 0) throw new CommandFailure('failure', `${failed.length} tests failed`);
    });
}

async function run(paths: readonly string[]): Promise<readonly FlowTestRun[]> {
  const { directoryOf, flowTest } = await import('@writ/server/commands');
  const [first, ...more] = paths;
  if (first === undefined || (more.length === 0 && isDirectory(first))) return flowTest(found(first), null);
  const houses = new Set(paths.map(directoryOf));
  const [house, other] = houses;
  if (house === undefined || other !== undefined)
    throw new CommandFailure('usage', 'the files are of several directories; name those of one');
  return flowTest(house, paths);
}

function isDirectory(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new CommandFailure('usage', `there is no \`${path}\``);
  return stat.isDirectory();
}
