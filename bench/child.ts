import { type ChildProcess, spawn } from 'node:child_process';
import type { Answers, Asked, FromChild, Question } from './child-protocol.ts';
import { pinnedCommand } from './pin.ts';

/** A measured process. Disposing of it stops it and waits for its end. */
export interface Child extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  ask<Q extends Question>(question: Q): Promise<Answers[Q]>;
}

/** Starts `script` on the core for servers and waits until it listens. Its stderr is its log and goes nowhere. */
export async function startChild(
  script: string,
  args: readonly string[],
  nodeOptions: readonly string[] = [],
): Promise<Child> {
  // Bounds on garbage, which differ from those of `npm start`: README.md says what each was found to take.
  const node = [
    '--max-semi-space-size=16',
    '--heap-growing-percent=100',
    '--conditions=writ:source',
    '--disable-warning=ExperimentalWarning',
    ...nodeOptions,
  ];
  const [command, ...rest] = pinnedCommand([process.execPath, ...node, script, ...args]);
  const child = spawn(command, rest, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const port = await listening(child);
  const waiting = new Map<number, (answer: Answers[Question]) => void>();
  let asked = 0;
  child.on('message', (message: FromChild) => {
    if (message.kind !== 'answer') return;
    waiting.get(message.id)?.(message.answer);
    waiting.delete(message.id);
  });
  return {
    port,
    pid: child.pid ?? 0,
    ask: async <Q extends Question>(question: Q): Promise<Answers[Q]> =>
      new Promise<Answers[Q]>((resolve, reject) => {
        asked += 1;
        // INVARIANT: an answer carries the id of its question, so it is of its type.
        waiting.set(asked, resolve as (answer: Answers[Question]) => void);
        const message: Asked = { id: asked, question };
        child.send(message, (error) => {
          if (error !== null) reject(error);
        });
      }),
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect();
      await ended(child);
    },
  };
}

async function listening(child: ChildProcess): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`a server ended with ${code} before it listened`)));
    child.once('message', (message: FromChild) => {
      if (message.kind === 'ready') resolve(message.port);
      else if (message.kind === 'failed') reject(new Error(message.message));
    });
  });
}

/** How long (milliseconds) a server may take to stop before it is killed. */
const PATIENCE = 10_000;

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  await new Promise<void>((resolve) => child.once('exit', () => resolve()));
  clearTimeout(timer);
}
