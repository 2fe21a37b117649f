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

/** `node idle-server.ts DIRECTORY DATA SECONDS`: `writ serve`, with all that it does by itself. Sends what it took to whoever forked it. */
const [directory = '', data = '', seconds = '30'] = process.argv.slice(2);
const running = await serve({
  directory,
  data,
  listen: '127.0.0.1:0',
  publicUrl: 'https://writ.acme.example',
});
await sleep(Math.min(SETTLING, Number(seconds)) * 1000);
const before = process.cpuUsage();
const began = performance.now();
await sleep(Number(seconds) * 1000);
const { user, system } = process.cpuUsage(before);
const elapsed = performance.now() - began;
const idle: Idle = {
  seconds: rounded(elapsed / 1000),
  cpuPercent: rounded(((user + system) / 1000 / elapsed) * 100),
  rssMB: rounded(process.memoryUsage().rss / 2 ** 20),
};
process.send?.(idle);
running.stop();
await running.stopped;
process.disconnect();
