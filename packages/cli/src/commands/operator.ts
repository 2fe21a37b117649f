import { join } from 'node:path';
import { createOperator, type Operator } from '@writ/client';
import { type Command, Option } from 'commander';
import { CommandFailure, EXIT_CODES } from '../exit-code.ts';
import { clean, FORMATS, formatOf, type OutputOptions, out, printObject } from '../output/print.ts';

interface OperatorOptions extends OutputOptions {
  readonly data: string;
}

export function withOutput(command: Command): Command {
  return command
    .addOption(new Option('-o, --output <format>', 'how to print').choices(FORMATS))
    .option('--json', 'the same as --output json');
}

/** `freeze`, `explain`: over the operator socket of a running server. */
export function operatorCommands(program: Command): void {
  const withData = (command: Command): Command =>
    command.option('--data <directory>', "the running server's data directory", '.writ');

  withOutput(withData(program.command('freeze <scope>').description('stop issuance for a scope, now')))
    .option('--reason <text>', 'why; it is recorded', 'none given')
    .addHelpText(
      'after',
      '\nA scope is identity:NAME, anchor:NAME, right:ID, flow:NAME, owner:WHO, integration:NAME or everything.\n' +
        'When the command returns, this server signs nothing of the scope any more. Lifting a freeze is not supported yet.\n' +
        '\nExample:\n  writ freeze identity:svc-payments --reason "key found in a public log"',
    )
    .action(async (scope: string, options: OperatorOptions & { reason: string }) => {
      const answer = await operatorOf(options).freeze(scope, options.reason);
      const said = `${answer.already ? 'was frozen before' : 'frozen'}  ${clean(answer.scope)}  ledger #${answer.index}`;
      if (formatOf(options) === 'table') out(said);
      else printObject(answer, formatOf(options));
    });

  withOutput(
    withData(
      program
        .command('explain <reference>')
        .description('why something was refused or issued; or what an exit code means'),
    ),
  )
    .addHelpText(
      'after',
      '\nA reference is that of a refusal, a run, a token id (jti), the ledger index of an issuance, or an exit code as `exit:3`.\n\nExample:\n  writ explain ref_0f3a9c5d7e1b2a4c6d8e',
    )
    .action(async (reference: string, options: OperatorOptions) => {
      if (reference.startsWith('exit:')) explainExit(reference.slice('exit:'.length));
      else printObject(await operatorOf(options).explain(reference), formatOf(options));
    });
}

function operatorOf(options: OperatorOptions): Operator {
  return createOperator(join(options.data, 'control.sock'));
}

function explainExit(code: string): void {
  const found = Object.entries(EXIT_CODES).find(([, exit]) => String(exit.code) === code);
  if (found === undefined) throw new CommandFailure('not-found', `there is no exit code \`${code}\``);
  out(`${code}  ${found[0]}: ${found[1].means}`);
}
