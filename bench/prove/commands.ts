import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACME } from '@writ/testkit';
import { round } from './measure.ts';

/** A whole command, process and all. */
export interface CommandFigure {
  readonly command: string;
  readonly ms: number;
  readonly maxMB: number;
}

const CLI = join(import.meta.dirname, '../../packages/cli/src/main.ts');
/** Says at its end how large the process has been. */
const WEIGH =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\nrss "+process.resourceUsage().maxRSS+"\\n"))';

/** `writ plan` of the example with one step-up threshold moved, and `writ flow lint` of the example; medians. */
export async function measureCommands(repeat: number): Promise<readonly CommandFigure[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'writ-bench-prove-'));
  try {
    cpSync(ACME, scratch, { recursive: true });
    const path = join(scratch, 'flows/agent-tool-identity.flow.yaml');
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('facts.risk.score >= 30', 'facts.risk.score >= 40'),
    );
    return [
      await median('writ plan, one threshold moved', ['plan', '--from', ACME, scratch], repeat),
      await median('writ flow lint, the example', ['flow', 'lint', ACME], repeat),
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function median(command: string, args: readonly string[], repeat: number): Promise<CommandFigure> {
  const runs: CommandFigure[] = [];
  for (let i = 0; i < repeat; i++) runs.push({ command, ...(await run(args)) });
  const sorted = runs.toSorted((a, b) => a.ms - b.ms);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}

async function run(args: readonly string[]): Promise<{ readonly ms: number; readonly maxMB: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--conditions=writ:source', `--import=${WEIGH}`, CLI, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(child, 'close');
  if (child.exitCode !== 0)
    throw new Error(`${args.join(' ')} ended with ${String(child.exitCode)}: ${said}`);
  const kilobytes = Number(/^rss (\d+)$/m.exec(said)?.[1]);
  return { ms: round(performance.now() - began), maxMB: Math.round(kilobytes / 1024) };
}
