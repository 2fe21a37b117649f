import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Canary } from './canary.ts';

const REPOSITORY = resolve(import.meta.dirname, '..');
const WRIT = ['--conditions=writ:source', join(REPOSITORY, 'packages/cli/src/main.ts')];
/** Milliseconds that a start may take. */
const START_LIMIT = 10_000;
/** Milliseconds that a stop may take before it is a kill. */
const STOP_LIMIT = 5_000;

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `writ`, as users run it: processes of their own. The canary hears all they print and were given as arguments. */
export interface Writ extends AsyncDisposable {
  readonly url: string;
  /** Starts the server; resolves when it is ready. */
  start(): Promise<void>;
  /** Asks the server to stop; answers its exit code. */
  stop(): Promise<number | null>;
  /** Whether anything answers at the server's address. */
  answers(): Promise<boolean>;
  /** Runs one command. `input` goes to its standard input. */
  run(args: readonly string[], input?: string): Promise<Ended>;
}

export interface WritOptions {
  readonly directory: string;
  readonly data: string;
  readonly port: number;
  /** the host that the public URL names; an address has no passkeys. Default 127.0.0.1 */
  readonly host?: 'localhost';
}

export function createWrit({ directory, data, port, host }: WritOptions, canary: Canary): Writ {
  const url = `http://${host ?? '127.0.0.1'}:${port}`;
  let server: { child: ChildProcess; ended: Promise<Ended> } | null = null;

  const launch = (
    args: readonly string[],
    input?: string,
  ): { child: ChildProcess; ended: Promise<Ended> } => {
    const child = spawn(process.execPath, [...WRIT, ...args], {
      cwd: REPOSITORY,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    child.stdin?.end(input);
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]?.setEncoding('utf8').on('data', (text: string) => {
        said[stream] += text;
      });
    }
    const ended = once(child, 'close').then(() => {
      canary.hear(`writ ${args[0]}: arguments`, args.join('\n'));
      canary.hear(`writ ${args[0]}: stdout`, said.stdout);
      canary.hear(`writ ${args[0]}: stderr`, said.stderr);
      return { code: child.exitCode, ...said };
    });
    return { child, ended };
  };

  const answers = async (): Promise<boolean> => {
    try {
      return (await fetch(`${url}/readyz`)).status === 200;
    } catch {
      return false;
    }
  };

  const stop = async (): Promise<number | null> => {
    if (server === null) return null;
    server.child.kill('SIGTERM');
    const kill = setTimeout(() => server?.child.kill('SIGKILL'), STOP_LIMIT);
    const { code } = await server.ended;
    clearTimeout(kill);
    server = null;
    return code;
  };

  return {
    url,
    answers,
    stop,
    run: (args, input) => launch(args, input).ended,
    start: async () => {
      if (server !== null) throw new Error('writ dev runs already');
      const address = ['--listen', `127.0.0.1:${port}`, '--public-url', url];
      const started = launch(['dev', directory, '--data', data, ...address]);
      server = started;
      const limit = Date.now() + START_LIMIT;
      while (!(await answers())) {
        if (started.child.exitCode !== null)
          throw new Error(`writ dev ended: ${(await started.ended).stderr}`);
        if (Date.now() > limit) throw new Error(`writ dev is not ready after ${START_LIMIT} ms`);
        await sleep(20);
      }
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}
