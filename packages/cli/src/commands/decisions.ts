import { type AssignedObligation, type Run, sampleAssertion } from '@writ/client';
import type { Command } from 'commander';
import { type ApiOptions, type ApiSession, apiSession, withUrl } from '../api-session.ts';
import { CommandFailure } from '../exit-code.ts';
import { followRun } from '../follow-run.ts';
import { clean, say } from '../output/print.ts';
import { waitTime } from '../wait-time.ts';
import { withOutput } from './operator.ts';
import { printRun } from './runs.ts';

interface DecideOptions extends ApiOptions {
  readonly rule?: string;
  readonly asSample?: boolean;
  readonly timeout: string;
}

type Decision = 'approve' | 'confirm';

const WORDS: Readonly<Record<Decision, string>> = {
  approve: 'approve a run with your passkey, on its page',
  confirm: 'confirm a run with your passkey, on its page',
};

/** `approve`, `confirm`, `deny`, `cancel`: what a person decides about a run. */
export function decisionCommands(program: Command): void {
  for (const decision of ['approve', 'confirm'] as const) {
    withOutput(withUrl(program.command(`${decision} <run>`).description(WORDS[decision])))
      .option('--rule <name>', 'which of its rules, where several wait for you')
      .option('--as-sample', 'as a sample person of `writ dev`, with a passkey in software')
      .option('--timeout <time>', 'how long to wait for the page', '15m')
      .addHelpText(
        'after',
        `\nA terminal cannot hold a passkey: it prints the page to open, and waits until you have decided there.\n\nExample:\n  writ ${decision} run_9f2c`,
      )
      .action(async (id: string, options: DecideOptions) => decide(decision, id, options));
  }

  withOutput(withUrl(program.command('deny <run>').description('refuse a run; no passkey is asked for')))
    .requiredOption('--reason <text>', 'why; it is recorded')
    .option('--rule <name>', 'which of its rules, where several wait for you')
    .addHelpText('after', '\nExample:\n  writ deny run_9f2c --reason "no such report"')
    .action(async (id: string, options: ApiOptions & { reason: string; rule?: string }) => {
      const { api } = apiSession(options);
      const { rule } = mine((await api.getRun(id)).value, options.rule, null);
      printRun(await api.denyRun(id, { rule, reason: options.reason }), options);
    });

  withOutput(withUrl(program.command('cancel <run>').description('take a run back that you asked for')))
    .addHelpText('after', '\nExample:\n  writ cancel run_9f2c')
    .action(async (id: string, options: ApiOptions) => {
      printRun(await apiSession(options).api.cancelRun(id), options);
    });
}

async function decide(decision: Decision, id: string, options: DecideOptions): Promise<void> {
  const session = apiSession(options);
  const { value } = await session.api.getRun(id);
  const obligation = mine(value, options.rule, decision === 'approve' ? 'approval' : 'confirmation');
  const run =
    options.asSample === true
      ? await decideAsSample(session, decision, id, obligation)
      : await decideOnPage(session, decision, id, obligation, waitTime(options.timeout));
  printRun(run, options);
  if (run.state !== 'waiting' && run.state !== 'issued')
    throw new CommandFailure('refused', `the run is ${run.state}`);
}

/** The one obligation of a run that waits for this person. @throws CommandFailure */
function mine(
  run: Run,
  rule: string | undefined,
  kind: AssignedObligation['kind'] | null,
): AssignedObligation {
  if (run.state !== 'waiting') throw new CommandFailure('conflict', `the run is ${run.state}`);
  const waiting = run.obligations.filter(
    (each) => each.mine && each.missing > 0 && (kind === null || each.kind === kind),
  );
  const [first, ...more] = waiting.filter((each) => rule === undefined || each.rule === rule);
  if (first === undefined) throw new CommandFailure('refused', 'nothing of this run waits for you');
  if (more.length === 0) return first;
  const rules = waiting.map((each) => clean(each.rule)).join(', ');
  throw new CommandFailure('usage', `several rules wait for you; name one with --rule: ${rules}`);
}

async function decideAsSample(
  { api, url, secret }: ApiSession,
  decision: Decision,
  id: string,
  { rule }: AssignedObligation,
): Promise<Run> {
  const { nonce, challenge } = await api.challengeRun(id, { rule, decision });
  const assertion = await sampleAssertion({ url, session: secret }, challenge, decision);
  say('signed by the software passkey of a sample person');
  return decision === 'approve'
    ? api.approveRun(id, { rule, nonce, assertion })
    : api.confirmRun(id, { rule, nonce, assertion });
}

async function decideOnPage(
  { api, url }: ApiSession,
  decision: Decision,
  id: string,
  { rule }: AssignedObligation,
  milliseconds: number,
): Promise<Run> {
  const { person } = await api.showMe();
  say(
    `open  ${url}/approve/${encodeURIComponent(id)}\n\nwaiting until you have decided; Ctrl-C leaves it as it is`,
  );
  return followRun(
    api,
    id,
    milliseconds,
    ({ state, approvals }) =>
      state !== 'waiting' ||
      approvals.some((each) => each.person === person && each.rule === rule && each.decision === decision),
  );
}
