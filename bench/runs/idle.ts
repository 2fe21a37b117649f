import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Idle } from './idle-server.ts';

/** A process of its own that serves the store, and is asked nothing. */
export async function measureIdle(directory: string, data: string, seconds: number): Promise<Idle> {
  const child = fork(join(import.meta.dirname, 'idle-server.ts'), [directory, data, String(seconds)], {
    execArgv: ['--conditions=writ:source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const said: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const measured = new Promise<Idle>((resolve, reject) => {
    child.once('message', (idle: Idle) => resolve(idle));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said.join('')}`)));
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const idle = await measured;
  await exited;
  return idle;
}
