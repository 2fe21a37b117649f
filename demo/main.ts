import { parseArgs } from 'node:util';
import { createCanary } from './canary.ts';
import { play } from './play.ts';
import { createReport } from './report.ts';
import { openScene } from './scene.ts';
import { STEPS } from './steps.ts';

const HELP = `Usage: npm run demo [-- --json]

Shows the main job of Writ from end to end, against a real server in a temporary directory that is removed again:
a release pipeline trades its CI token for a deploy token and uses it, and everybody else is refused.

  --json    one JSON object a line for each step: step, outcome, detail
  --help    this text

Exit code 0 only if every step came out as it must; 1 otherwise; 2 when the command line is wrong.
NO_COLOR and output into a file or pipe turn colours off.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const options = parse();
  if (options === null) return 2;
  if (options.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const from = performance.now();
  const canary = createCanary();
  const write = (line: string): boolean => process.stdout.write(`${line}\n`);
  const report = createReport({ json: options.json === true, canary, write });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  report.begin();
  await using scene = await openScene(canary);
  const results = await play(STEPS, scene, report, stop.signal);
  report.end(results, STEPS.length, performance.now() - from);
  const good = results.length === STEPS.length && results.every((result) => result.good);
  return good && !report.withheld ? 0 : 1;
}

function parse(): { json?: boolean; help?: boolean } | null {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'unknown'}\n\n${HELP}`);
    return null;
  }
}
