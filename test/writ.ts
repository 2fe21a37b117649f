import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `writ` command. */
export interface Command {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when what was printed so far holds `text`; rejects when the command ends without. */
  printed(text: string): Promise<void>;
  /** everything printed so far */
  said(): string;
}

/** Starts the real command line in a process of its own. */
export function writ(
  args: readonly string[],
  input = '',
  environment: Readonly<Record<string, string>> = {},
): Command {
  const started = spawn(
    process.execPath,
    ['--conditions=writ:source', join(ROOT, 'packages/cli/src/main.ts'), ...args],
    { cwd: ROOT, env: { ...process.env, NO_COLOR: '1', ...environment } },
  );
  let stdout = '';
  let stderr = '';
  const waiting: { text: string; found: () => void }[] = [];
  const look = (): void => {
    for (const { text, found } of waiting) if ((stdout + stderr).includes(text)) found();
  };
  started.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    look();
  });
  started.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    look();
  });
  started.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => {
    started.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    process: started,
    ended,
    said: () => stdout + stderr,
    printed: async (text) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ text, found: resolve });
      void ended.then(() => reject(new Error(`it ended without saying "${text}":\n${stdout}${stderr}`)));
      look();
      await promise;
    },
  };
}
