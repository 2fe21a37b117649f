import { createProgram, EXIT_CODES } from '@writ/cli';

type Command = ReturnType<typeof createProgram>;

/** The help of every command, as it is printed: the body of docs/reference/cli.md. */
export function cliReference(): string {
  return commandsBelow(createProgram(), [])
    .map(({ path, command }) => `## ${path.join(' ')}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``)
    .join('\n\n');
}

/** The exit codes as a table. */
export function exitCodeTable(): string {
  const rows = Object.entries(EXIT_CODES).map(
    ([name, { code, means }]) => `| ${code} | ${name} | ${means} |`,
  );
  return ['| code | name | means |', '|---|---|---|', ...rows].join('\n');
}

interface Placed {
  readonly path: readonly string[];
  readonly command: Command;
}

function commandsBelow(command: Command, above: readonly string[]): readonly Placed[] {
  const path = [...above, command.name()];
  return [{ path, command }, ...command.commands.flatMap((each) => commandsBelow(each, path))];
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trimEnd();
}
