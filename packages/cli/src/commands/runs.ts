import type { Api, Run, RunSummary } from '@writ/client';
import type { Command } from 'commander';
import { type ApiOptions, apiSession, withUrl } from '../api-session.ts';
import { CommandFailure } from '../exit-code.ts';
import { followRun } from '../follow-run.ts';
import { formatOf, out, printObject, printRows, say } from '../output/print.ts';
import { runLines } from '../output/run-report.ts';
import { readManifest } from '../read-manifest.ts';
import { waitTime } from '../wait-time.ts';
import { withOutput } from './operator.ts';

interface RequestOptions extends ApiOptions {
  readonly wait?: string | true;
  readonly preview?: boolean;
  readonly key?: string;
}

const DEFAULT_WAIT = '15m';

const MANIFEST = `
A file holds the body of POST /runs, in YAML or JSON:

  flow: identity-issue
  identity:
    name: svc-reporting
    kind: service-account            # workload, service-account, device, agent, integration
    owner: group:platform-security
    deputy: user:rui
    purpose: monthly reports
    environment: staging
    expires: 2027-06-30T00:00:00Z
  # replaces: 3                      # the revision that a change is meant for
  audience: https://reports.acme.example
  scopes: [reports:read]
  fields: { ticket: SEC-1 }
`;

/** `request`, `inbox`, `run`, `wait`: asking, and looking at what was asked. */
export function runCommands(program: Command): void {
  withOutput(
    withUrl(program.command('request <file>').description('ask for an identity, or for a change to one')),
  )
    .option('--wait [time]', `follow the run until it ends, for ${DEFAULT_WAIT} or as long as said`)
    .option('--preview', 'only say what asking would lead to')
    .option('--key <text>', 'an idempotency key: a repeat with the same finds the run of the first time')
    .addHelpText(
      'after',
      `${MANIFEST}\nWith --wait it ends with 0 when it is issued, 3 when it is refused, 4 when it still waits.\n\nExample:\n  writ request svc-reporting.yaml --wait=1h`,
    )
    .action(async (file: string, options: RequestOptions) => request(file, options));

  withOutput(withUrl(program.command('inbox').description('what waits for you, the earliest deadline first')))
    .addHelpText('after', '\nExample:\n  writ inbox')
    .action(async (options: ApiOptions) => {
      const items = await apiSession(options).api.getInbox();
      if (items.length === 0) say('nothing waits for you');
      const rows = items.map((item) => ({
        ...item,
        requester: item.requester ?? '',
        dueAt: item.dueAt ?? '',
      }));
      printRows(
        rows,
        ['run', 'kind', 'identity', 'rule', 'requester', 'dueAt', 'because'],
        formatOf(options),
      );
    });

  const run = program
    .command('run')
    .description('runs: what was asked for, and where it waits')
    .addHelpText('after', '\nExample:\n  writ run list');
  withOutput(withUrl(run.command('list').description('the runs that you asked for')))
    .addHelpText('after', '\nExample:\n  writ run list -o name')
    .action(async (options: ApiOptions) => {
      const rows: Readonly<Record<string, string>>[] = [];
      for await (const each of apiSession(options).api.listRuns()) rows.push(rowOf(each));
      if (rows.length === 0) say('you have asked for nothing yet');
      printRows(rows, ['run', 'identity', 'flow', 'state', 'openedAt', 'dueAt'], formatOf(options));
    });
  withOutput(withUrl(run.command('show <run>').description('a run, with everything an approver is given')))
    .addHelpText('after', '\nExample:\n  writ run show run_9f2c')
    .action(async (id: string, options: ApiOptions) => {
      const { value } = await apiSession(options).api.getRun(id);
      printRun(value, options);
    });

  withOutput(withUrl(program.command('wait <run>').description('follow a run until it ends')))
    .option('--timeout <time>', 'give up after this long', DEFAULT_WAIT)
    .addHelpText(
      'after',
      '\nIt ends with 0 when the run is issued, 3 when it is refused, 4 when it still waits.\n\nExample:\n  writ wait run_9f2c --timeout 1h',
    )
    .action(async (id: string, options: ApiOptions & { timeout: string }) => {
      await waited(apiSession(options).api, id, waitTime(options.timeout), options);
    });
}

/** A run in the asked form. */
export function printRun(run: Run, options: ApiOptions): void {
  const format = formatOf(options);
  if (format === 'table') for (const line of runLines(run)) out(line);
  else if (format === 'name') out(run.run);
  else printObject(run, format);
}

async function request(file: string, options: RequestOptions): Promise<void> {
  const asked = readManifest(file);
  const time =
    options.wait === undefined ? null : waitTime(options.wait === true ? DEFAULT_WAIT : options.wait);
  const { api } = apiSession(options);
  if (options.preview === true) {
    const preview = await api.previewRun(asked);
    printObject(preview, formatOf(options));
    if (preview.outcome === 'refused') throw new CommandFailure('refused', 'it would be refused');
    return;
  }
  const { key } = options;
  const { run, repeated } = await api.requestIdentity(
    asked,
    key === undefined ? {} : { idempotencyKey: key },
  );
  if (repeated) say('this key has asked for it before');
  if (time === null) printRun(run, options);
  else await waited(api, run.run, time, options);
}

/** Follows a run to its end, prints it, and fails unless it was issued. */
async function waited(api: Api, id: string, milliseconds: number, options: ApiOptions): Promise<void> {
  say(`following ${id}; Ctrl-C leaves it as it is`);
  const run = await followRun(api, id, milliseconds, ({ state }) => state !== 'waiting');
  printRun(run, options);
  if (run.state !== 'issued') throw new CommandFailure('refused', `the run is ${run.state}`);
}

function rowOf({ requester, dueAt, ...rest }: RunSummary): Readonly<Record<string, string>> {
  return { ...rest, requester: requester ?? '', dueAt: dueAt ?? '' };
}
