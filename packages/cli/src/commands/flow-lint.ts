import { lint } from '@writ/prove';
import type { Command } from 'commander';
import { CommandFailure } from '../exit-code.ts';
import { findingLines, lintSummary } from '../output/lint-report.ts';
import { formatOf, type OutputOptions, out, printRows, say } from '../output/print.ts';
import { gather } from './flow-files.ts';
import { withOutput } from './operator.ts';
import { budgetOf } from './plan.ts';

interface LintCommandOptions extends OutputOptions {
  readonly budget?: string;
}

/** `flow lint`: what bars flows from being published, and what their reviewer should see. It needs no server. */
export function lintCommand(flow: Command): void {
  withOutput(
    flow.command('lint [paths...]').description('what bars flows from being published, with an example'),
  )
    .option('--budget <nodes>', 'case splits to make for each flow before a rule gives up')
    .addHelpText(
      'after',
      '\nPaths are one directory, or files of one. Warnings do not fail.\n\nExample:\n  writ flow lint examples/acme',
    )
    .action(async (paths: string[], options: LintCommandOptions) => {
      const { set, files, problems, assumed, lacks, only } = await gather(paths);
      const budget = budgetOf(options);
      const all = lint(set, { files, problems, lacks, ...(budget === undefined ? {} : { budget }) });
      const findings = all.filter(({ place }) => only === null || place === null || only.has(place.file));
      const format = formatOf(options);
      if (format === 'json') out(JSON.stringify({ findings, assumed }, null, 2));
      else if (format === 'ndjson') for (const finding of findings) out(JSON.stringify(finding));
      else if (format === 'name')
        printRows(
          findings.map(({ id }) => ({ id })),
          ['id'],
          format,
        );
      else {
        for (const line of findings.flatMap(findingLines)) out(line);
        for (const line of assumed) say(`assumed: ${line}`);
        out(lintSummary(findings));
      }
      if (findings.some(({ severity }) => severity === 'error'))
        throw new CommandFailure('failure', `${lintSummary(findings)}: errors bar publishing`);
    });
}
