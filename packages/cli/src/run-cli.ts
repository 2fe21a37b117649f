import { readFileSync } from 'node:fs';
import { ApiProblem, OperatorError } from '@writ/client';
import { Command, CommanderError } from 'commander';
import { decisionCommands } from './commands/decisions.ts';
import { doctorCommand } from './commands/doctor.ts';
import { flowCommands } from './commands/flow.ts';
import { identityCommands } from './commands/identity.ts';
import { ledgerCommands } from './commands/ledger.ts';
import { operatorCommands } from './commands/operator.ts';
import { peopleCommands } from './commands/people.ts';
import { planCommand } from './commands/plan.ts';
import { publishCommands } from './commands/publish.ts';
import { runCommands } from './commands/runs.ts';
import { serverCommands } from './commands/server.ts';
import { CommandFailure, EXIT_CODES, exitFor } from './exit-code.ts';
import { say } from './output/print.ts';
import { problemExit, problemLines } from './output/problem-lines.ts';

/** All commands with their help: what runs, and what docs/reference/cli.md is written from. */
export function createProgram(): Command {
  const program = new Command('writ')
    .description('Governed issuance for non-human identities')
    .version(version(), '-v, --version', 'print the version')
    .addHelpText(
      'after',
      '\nExample:\n  writ dev examples/acme\n\nExit codes: `writ explain exit:3` says what one means.',
    )
    .showHelpAfterError('(add --help for an example)')
    .exitOverride();
  serverCommands(program);
  flowCommands(program);
  planCommand(program);
  publishCommands(program);
  runCommands(program);
  decisionCommands(program);
  identityCommands(program);
  operatorCommands(program);
  peopleCommands(program);
  ledgerCommands(program);
  doctorCommand(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

/** Runs one command line and answers its exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync([...argv]);
    return EXIT_CODES.ok.code;
  } catch (error) {
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? EXIT_CODES.ok.code : EXIT_CODES.usage.code;
  if (error instanceof CommandFailure) {
    say(`writ: ${error.message}`);
    return EXIT_CODES[error.exit].code;
  }
  if (error instanceof ApiProblem) {
    say(`writ: ${problemLines(error).join('\n')}`);
    return EXIT_CODES[problemExit(error)].code;
  }
  const message = error instanceof Error ? error.message : 'unknown';
  say(`writ: ${message}`);
  return EXIT_CODES[exitFor(codeOf(error))].code;
}

/** Errors of the server's commands and of the socket carry a stable code. */
function codeOf(error: unknown): string {
  if (error instanceof OperatorError) return error.code;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const manifest: unknown = JSON.parse(text);
  const found: unknown = Reflect.get(Object(manifest), 'version');
  return typeof found === 'string' ? found : 'unknown';
}
