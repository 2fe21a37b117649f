import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@writ/server/commands';
import { rounded } from './figure.ts';

/** A server that nobody asks anything. */
export interface Idle {
  readonly seconds: number;
  /** of one core, in percent: user and system, all threads */
  readonly cpuPercent: number;
  readonly rssMB: number;
}

/** Seconds in which a server has done what it does when it starts. */
const SETTLING = 5;

/** `writ serve` on the store, in this process: with all that it does by itself. */
export async function measureIdle(directory: string, data: string, seconds: number): Promise<Idle> {
  const running = await serve({
    directory,
    data,
    listen: '127.0.0.1:0',
    publicUrl: 'https://writ.acme.example',
  });
  try {
    await sleep(Math.min(SETTLING, seconds) * 1000);
    globalThis.gc?.();
    const before = process.cpuUsage();
    const began = performance.now();
    await sleep(seconds * 1000);
    const { user, system } = process.cpuUsage(before);
    const elapsed = performance.now() - began;
    return {
      seconds: rounded(elapsed / 1000),
      cpuPercent: rounded(((user + system) / 1000 / elapsed) * 100),
      rssMB: rounded(process.memoryUsage().rss / 2 ** 20),
    };
  } finally {
    running.stop();
    await running.stopped;
  }
}
