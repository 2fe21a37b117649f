import { readFileSync, writeFileSync } from 'node:fs';
import {
  type ArtefactSet,
  type CompiledFlow,
  describeFlow,
  explainRule,
  formatFlow,
  formatProblem,
  type LoadedSet,
  loadSet,
  unpinned,
} from '@writ/flow';
import type { Command } from 'commander';
import { CommandFailure } from '../exit-code.ts';
import { formatOf, type OutputOptions, out, printObject, printRows, say } from '../output/print.ts';
import { lintCommand } from './flow-lint.ts';
import { testCommand } from './flow-test.ts';
import { whoCommand } from './flow-who.ts';
import { withOutput } from './operator.ts';
import { found } from './server.ts';

/** `flow check|lint|test|who|fmt|show|explain`: they read a directory and need no server. */
export function flowCommands(program: Command): void {
  const flow = program
    .command('flow')
    .description('flow definitions and the artefacts around them')
    .addHelpText('after', '\nExample:\n  writ flow check examples/acme');

  withOutput(flow.command('check [directory]').description('load everything and list every mistake'))
    .addHelpText('after', '\nExample:\n  writ flow check examples/acme')
    .action(async (directory: string | undefined, options: OutputOptions) => {
      const { set, problems } = await load(found(directory));
      const format = formatOf(options);
      if (format !== 'table')
        printRows(
          problems.map((each) => ({ ...each })),
          ['file', 'line', 'column', 'severity', 'message'],
          format,
        );
      else for (const problem of problems) out(formatProblem(problem));
      if (set === null)
        throw new CommandFailure(
          'failure',
          `${problems.filter(({ severity }) => severity === 'error').length} mistakes`,
        );
      for (const line of unpinned(set)) say(`not to be put in force: ${line}`);
      if (format !== 'table') return;
      for (const each of set.flows.values())
        out(`ok  ${each.definition.name} v${each.definition.version}  sha256:${each.hash}`);
      out(`ok  artefact set  sha256:${set.hash}`);
    });

  lintCommand(flow);
  testCommand(flow);
  whoCommand(flow);

  flow
    .command('fmt <files...>')
    .description('write files in their canonical form, comments kept')
    .option('--check', 'change nothing; fail when something would change')
    .addHelpText('after', '\nExample:\n  writ flow fmt examples/acme/flows/*.yaml')
    .action((files: string[], options: { check?: boolean }) => {
      const changed = files.filter((file) => reformat(file, options.check === true));
      for (const file of changed) out(file);
      if (options.check === true && changed.length > 0)
        throw new CommandFailure(
          'failure',
          `${changed.length} of ${files.length} files are not in canonical form`,
        );
    });

  withOutput(flow.command('show <name>').description('what a flow says, in plain words'))
    .option('--dir <directory>', 'the directory that holds it')
    .addHelpText('after', '\nExample:\n  writ flow show ci-deploy-token')
    .action(async (name: string, options: OutputOptions & { dir?: string }) => {
      const set = await sound(found(options.dir));
      const compiled = flowOf(set, name);
      if (formatOf(options) === 'table') out(describeFlow(compiled, set));
      else
        printObject(
          { hash: compiled.hash, reads: compiled.reads, definition: compiled.definition },
          formatOf(options),
        );
    });

  flow
    .command('explain <name> <rule>')
    .description('one rule of a flow: what it says, and every fact it reads')
    .option('--dir <directory>', 'the directory that holds it')
    .addHelpText(
      'after',
      '\nA rule is named as refusals name it.\n\nExample:\n  writ flow explain ci-deploy-token policy.forbid.write-only-from-protected',
    )
    .action(async (name: string, rule: string, options: { dir?: string }) => {
      const explained = explainRule(flowOf(await sound(found(options.dir)), name), rule);
      if (explained === null) throw new CommandFailure('not-found', `${name} has no rule \`${rule}\``);
      out(explained);
    });
}

async function load(directory: string): Promise<LoadedSet> {
  const { readArtefacts, sha256 } = await import('@writ/server/artefacts');
  return loadSet(readArtefacts(directory), sha256);
}

async function sound(directory: string): Promise<ArtefactSet> {
  const { set, problems } = await load(directory);
  if (set !== null) return set;
  for (const problem of problems) say(formatProblem(problem));
  throw new CommandFailure('failure', `${directory} does not load`);
}

function flowOf(set: ArtefactSet, name: string): CompiledFlow {
  const flow = set.flows.get(name);
  if (flow !== undefined) return flow;
  throw new CommandFailure(
    'not-found',
    `there is no flow \`${name}\`; there are ${[...set.flows.keys()].join(', ')}`,
  );
}

function reformat(file: string, checkOnly: boolean): boolean {
  const before = readFileSync(file, 'utf8');
  const after = formatFlow(before);
  if (before === after) return false;
  if (!checkOnly) writeFileSync(file, after);
  return true;
}
