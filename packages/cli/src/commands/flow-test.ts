import { statSync } from 'node:fs';
import { type FlowTestRun, formatProblem } from '@writ/flow';
import { coverageOf, DEFAULT_BUDGET, decideProperties } from '@writ/prove';
import type { Command } from 'commander';
import { CommandFailure } from '../exit-code.ts';
import { clean, formatOf, type OutputOptions, out, say } from '../output/print.ts';
import {
  type CoveredRun,
  coverageLines,
  propertyLines,
  shortfalls,
  testJson,
  testLines,
  testSummary,
} from '../output/test-report.ts';
import { suggestionsFor } from './flow-suggest.ts';
import { withOutput } from './operator.ts';
import { budgetOf } from './plan.ts';
import { found } from './server.ts';

interface TestOptions extends OutputOptions {
  readonly coverage?: boolean;
  readonly mutants?: boolean;
  readonly suggest?: boolean;
  readonly budget?: string;
}

/** `flow test`: runs `*.test.yaml` on the real engine. It needs no server. */
export function testCommand(flow: Command): void {
  withOutput(flow.command('test [paths...]').description('run flow tests on the real engine'))
    .option('--coverage', 'which rules the tests decide, held to what each file demands')
    .option('--mutants', 'the mutation score as well')
    .option('--suggest', 'write the tests that are missing')
    .option('--budget <nodes>', 'case splits to make before a mutant counts as different')
    .addHelpText(
      'after',
      '\nPaths are one directory, or `*.test.yaml` files of one.\n\nExample:\n  writ flow test examples/acme --coverage',
    )
    .action(async (paths: string[], options: TestOptions) => {
      const started = performance.now();
      const covered = (await runTests(paths)).map((each) => withCoverage(each, options));
      const elapsed = performance.now() - started;
      report(covered, elapsed, options);
      if (options.suggest === true) await suggest(covered, paths);
      fail(covered);
    });
}

/** Missing tests go to stdout, to be pasted; what none could be written for is said. */
async function suggest(covered: readonly CoveredRun[], paths: readonly string[]): Promise<void> {
  for (const { run, coverage } of covered) {
    if (coverage === null) continue;
    const { path, tests, left } = await suggestionsFor(run, coverage, async (file, text) => {
      const [again] = await runTests(paths, { path: file, text });
      if (again === undefined) throw new CommandFailure('failure', `\`${file}\` could not be run again`);
      return again;
    });
    if (tests.length > 0) out(`# below \`tests:\` of ${path}\n${tests.join('\n')}`);
    for (const name of left) say(clean(`${path}: no test could be written for: ${name}`));
  }
}

function withCoverage(run: FlowTestRun, options: TestOptions): CoveredRun {
  const mutants = options.mutants === true || options.suggest === true;
  const { tested, file, decisions } = run;
  if (tested === null || file === null) return { run, properties: [], coverage: null };
  const budget = budgetOf(options) ?? DEFAULT_BUDGET;
  const properties = decideProperties(tested, file.properties, budget);
  if (options.coverage !== true && !mutants) return { run, properties, coverage: null };
  return { run, properties, coverage: coverageOf(tested, decisions, { mutants, budget }) };
}

function report(covered: readonly CoveredRun[], elapsed: number, options: TestOptions): void {
  if (formatOf(options) !== 'table') {
    out(JSON.stringify(testJson(covered, elapsed), null, 2));
    return;
  }
  for (const line of covered.flatMap(({ run }) => testLines(run))) out(clean(line));
  for (const line of covered.flatMap(propertyLines)) out(clean(line));
  for (const line of covered.flatMap(coverageLines)) out(clean(line));
  for (const note of covered.flatMap(({ run }) => run.notes)) say(clean(note));
  out(`${testSummary(covered)}  in ${(elapsed / 1000).toFixed(1)} s`);
}

/** @throws CommandFailure `failure` for mistakes, failed tests, and less coverage than a file demands */
function fail(covered: readonly CoveredRun[]): void {
  const mistakes = covered.flatMap(({ run }) => run.problems);
  for (const problem of mistakes) say(clean(formatProblem(problem)));
  const results = covered.flatMap(({ run }) => run.results);
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  const broken = covered.flatMap(({ properties }) => properties).filter(({ holds }) => !holds).length;
  const short = covered.flatMap(shortfalls);
  for (const line of short) say(clean(line));
  const counts = [
    [mistakes.length, 'mistakes'],
    [failed, 'failed tests'],
    [broken, 'broken properties'],
    [short.length, 'shortfalls of coverage'],
  ] as const;
  const wrong = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (wrong.length > 0) throw new CommandFailure('failure', wrong.join(', '));
  if (results.length === 0) throw new CommandFailure('not-found', 'there are no `*.test.yaml` files here');
}

/** The test files of `paths`; where a file is given with its text, that one alone. */
async function runTests(
  paths: readonly string[],
  instead?: { readonly path: string; readonly text: string },
): Promise<readonly FlowTestRun[]> {
  const { directoryOf, flowTest } = await import('@writ/server/commands');
  const [first, ...more] = paths;
  const whole = first === undefined || (more.length === 0 && isDirectory(first));
  if (instead !== undefined)
    return flowTest(whole ? found(first) : directoryOf(instead.path), [instead.path], () => instead.text);
  if (whole) return flowTest(found(first), null);
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
