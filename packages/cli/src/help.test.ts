import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from './run-cli.ts';

function below(command: Command): readonly Command[] {
  return command.commands.flatMap((each) => [each, ...below(each)]);
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

test.each(below(createProgram()).map((command) => [command.name(), command] as const))(
  'the help of %s has an example',
  (_, command) => {
    expect(helpOf(command)).toMatch(/Example:\n {2}writ \S/);
    expect(command.description()).not.toBe('');
  },
);
