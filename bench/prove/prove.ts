import { parseArgs } from 'node:util';
import { describeMachine } from '../machine.ts';
import { type Case, casesOf, overlapOf } from './cases.ts';
import { measureCommands } from './commands.ts';
import { measure } from './measure.ts';
import { SecondEngine } from './second-engine.ts';

export const USAGE = `npm run bench -- prove [options]

  --json          JSON lines on stdout
  --rules LIST    default 10,100,500,2000
  --repeat N      of each comparison, after one to warm up; default 5
  --no-second     without z3 beside it
`;

/** Proofs and refutations over policies of many rules, beside z3 on the same pairs, and the commands that make them. */
export async function benchProve(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      rules: { type: 'string', default: '10,100,500,2000' },
      repeat: { type: 'string', default: '5' },
      'no-second': { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const say = (kind: string, value: object, line: string): void => {
    process.stdout.write(values.json ? `${JSON.stringify({ [kind]: value })}\n` : `${line}\n`);
  };
  const machine = describeMachine();
  say('machine', machine, Object.values(machine).join(', '));
  await using engine = values['no-second'] ? null : new SecondEngine();
  const repeat = Number(values.repeat);
  const ask = async (each: Case): Promise<void> => {
    const figure = measure(each, repeat);
    const second = engine === null ? null : await engine.ask(each);
    const z3 = second === null ? '' : `   z3 ${second.ms} ms${second.agrees ? '' : ', DISAGREES'}`;
    const [least, most] = figure.spread;
    say(
      'compare',
      { ...figure, z3: second },
      `${String(each.rules).padStart(5)} rules  ${each.name.padEnd(26)} ${each.verdict.padEnd(9)} ${figure.ms} ms (${least}–${most})  ${figure.nodes} nodes  ${figure.heapMB} MB${z3}`,
    );
  };
  const counts = values.rules.split(',').map(Number);
  for (const count of counts) for (const each of casesOf(count)) await ask(each);
  for (const count of counts
    .map((each) => Math.min(each, 100))
    .filter((each, i, all) => all.indexOf(each) === i))
    await ask(overlapOf(count));
  for (const figure of await measureCommands(repeat))
    say('command', figure, `${figure.command}: ${figure.ms} ms, ${figure.maxMB} MB`);
}
