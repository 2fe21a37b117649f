import type { Command } from 'commander';
import { CommandFailure } from '../exit-code.ts';
import { formatOf, type OutputOptions, out, printRows } from '../output/print.ts';
import { withOutput } from './operator.ts';
import { found } from './server.ts';

/** `doctor`: what a start depends on, and what mends it. */
export function doctorCommand(program: Command): void {
  withOutput(program.command('doctor [directory]').description('look at everything a start depends on'))
    .option('--data <directory>', 'the data directory', '.writ')
    .addHelpText('after', '\nExample:\n  writ doctor examples/acme')
    .action(async (directory: string | undefined, options: OutputOptions & { data: string }) => {
      const { doctor } = await import('@writ/server/commands');
      const checks = await doctor({ directory: found(directory), data: options.data });
      if (formatOf(options) !== 'table') {
        printRows(
          checks.map((check) => ({ ...check, good: String(check.good) })),
          ['what', 'good', 'found', 'mend'],
          formatOf(options),
        );
      } else {
        for (const { what, good, found: seen, mend } of checks) {
          out(`${good ? 'ok  ' : 'FAIL'}  ${what}: ${seen}${mend === '' ? '' : `\n      mend: ${mend}`}`);
        }
      }
      const bad = checks.filter(({ good }) => !good).length;
      if (bad > 0) throw new CommandFailure('failure', `${bad} of ${checks.length} checks failed`);
    });
}
