import type { Command } from 'commander';
import { type ApiOptions, apiSession, withUrl } from '../api-session.ts';
import { CommandFailure } from '../exit-code.ts';
import { followRun } from '../follow-run.ts';
import { say } from '../output/print.ts';
import { waitTime } from '../wait-time.ts';
import { withOutput } from './operator.ts';
import { printRun } from './runs.ts';

interface PublishOptions extends ApiOptions {
  readonly summary: string;
  readonly base?: string;
  readonly wait?: string | true;
}

const DEFAULT_WAIT = '15m';

/** `publish`, `rollback`: asking for another artefact set to be put in force. */
export function publishCommands(program: Command): void {
  withOutput(
    withUrl(
      program
        .command('publish <directory>')
        .description('ask for a directory to be put in force, as a governed run'),
    ),
  )
    .requiredOption('--summary <text>', 'what the change is for')
    .option('--base <hash>', 'refuse where something else than this is in force by now')
    .option('--wait [time]', `follow the run until it ends, for ${DEFAULT_WAIT} or as long as said`)
    .addHelpText(
      'after',
      '\nLook first with `writ plan`. Lint errors bar it, whoever would approve.\n\nExample:\n  writ publish acme --summary "deploy tokens live five minutes" --wait=1h',
    )
    .action(async (directory: string, options: PublishOptions) => {
      const { readArtefacts } = await import('@writ/server/commands');
      const files = readArtefacts(directory).map(({ path, text }) => ({ path, text }));
      await proposed({ files }, options);
    });

  withOutput(
    withUrl(
      program
        .command('rollback <hash>')
        .description('ask for an artefact set that was in force before, as a governed run'),
    ),
  )
    .option('--summary <text>', 'what it is for', 'rollback')
    .option('--base <hash>', 'refuse where something else than this is in force by now')
    .option('--wait [time]', `follow the run until it ends, for ${DEFAULT_WAIT} or as long as said`)
    .addHelpText(
      'after',
      '\nExample:\n  writ rollback 4c1e…90 --summary "the change of noon let too much through"',
    )
    .action(async (rollback: string, options: PublishOptions) => proposed({ rollback }, options));
}

type Proposed = { readonly files: { path: string; text: string }[] } | { readonly rollback: string };

async function proposed(what: Proposed, options: PublishOptions): Promise<void> {
  const { summary, base, wait } = options;
  const { api } = apiSession(options);
  const run = await api.proposeChange({ ...what, summary, ...(base === undefined ? {} : { base }) });
  if (wait === undefined || run.state !== 'waiting') {
    printRun(run, options);
    return;
  }
  say(`following ${run.run}; Ctrl-C leaves it as it is`);
  const time = waitTime(wait === true ? DEFAULT_WAIT : wait);
  const ended = await followRun(api, run.run, time, ({ state }) => state !== 'waiting');
  printRun(ended, options);
  if (ended.state !== 'issued') throw new CommandFailure('refused', `the run is ${ended.state}`);
}
