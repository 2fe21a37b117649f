import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const SERVER_CORE = '0';
const LOAD_CORE = '1';

/** Whether servers and load can have a core each. */
export const pinned: boolean =
  availableParallelism() > 1 && spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;

/** The command, on the core for servers with all its threads. */
export function pinnedCommand(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return pinned ? ['taskset', '-c', SERVER_CORE, ...command] : command;
}

/** Moves this process to the core for load, with all its threads. */
export function pinLoad(): void {
  if (pinned) spawnSync('taskset', ['-a', '-c', '-p', LOAD_CORE, String(process.pid)], { stdio: 'ignore' });
}
