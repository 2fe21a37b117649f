import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MAIN = resolve(import.meta.dirname, '../demo/main.ts');

/** A compact JWS: no output of a demo holds one. */
export const JWS = /eyJ[\w-]{10,}\.[\w-]+\.[\w-]*/;

/** How a demo ended, and what it left in its temporary directory. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly left: readonly string[];
}

/** Runs the demo as users do, with a temporary directory of its own. */
export async function runDemo(...args: readonly string[]): Promise<Ended> {
  const temporary = mkdtempSync(join(tmpdir(), 'writ-'));
  const { FORCE_COLOR: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--conditions=writ:source', MAIN, ...args], {
    env: { ...env, TMPDIR: temporary },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  await once(child, 'close');
  const left = readdirSync(temporary);
  rmSync(temporary, { recursive: true });
  return { code: child.exitCode, left, ...said };
}

/** What `--json` said of each step. */
export function stepsOf({ stdout }: Ended): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
}
