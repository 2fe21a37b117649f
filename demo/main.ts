import { parseArgs } from 'node:util';
import { APPROVALS_STORY } from './approvals/approvals.ts';
import { createCanary } from './canary.ts';
import { DEPLOYING_STORY } from './deploying.ts';
import { tell } from './story.ts';

const HELP = `Usage: npm run demo [-- approvals] [--json]

Shows Writ against a real server in a temporary directory that is removed again.

  (nothing)   the main job from end to end: a release pipeline trades its CI token for a deploy token and uses it, and
              everybody else is refused
  approvals   what waits for people: a service account, an AI agent and a third party are asked for, approved with
              passkeys over exactly what is issued, and get their tokens; and the approvals that do not count

  --json      one JSON object a line for each step: step, outcome, detail
  --help      this text

Exit code 0 only if every step came out as it must; 1 otherwise; 2 when the command line is wrong.
NO_COLOR and output into a file or pipe turn colours off.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const asked = parse();
  if (asked === null) return 2;
  const { help, json, approvals } = asked;
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const write = (line: string): boolean => process.stdout.write(`${line}\n`);
  const options = { json, canary: createCanary(), write, stop: stop.signal };
  const good = await (approvals ? tell(APPROVALS_STORY, options) : tell(DEPLOYING_STORY, options));
  return good ? 0 : 1;
}

interface Asked {
  readonly help: boolean;
  readonly json: boolean;
  readonly approvals: boolean;
}

function parse(): Asked | null {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [story, ...more] = positionals;
    const unknown = story === 'approvals' ? more[0] : story;
    if (unknown !== undefined) throw new Error(`there is no demo \`${unknown}\``);
    return { help: values.help === true, json: values.json === true, approvals: story === 'approvals' };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'unknown'}\n\n${HELP}`);
    return null;
  }
}
