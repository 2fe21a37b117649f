import { setTimeout as sleep } from 'node:timers/promises';
import { measure, rounded } from './round.ts';
import type { Running } from './subjects.ts';

/** Resident memory of the server under load. */
export interface MemoryReport {
  /** seconds under load */
  readonly seconds: number;
  readonly n: number;
  readonly startMB: number;
  readonly maxMB: number;
  /** over the second half, by least squares: what warming up takes is not growth */
  readonly slopeMBPerMinute: number;
}

const CONNECTIONS = 64;
/** Seconds of one slice: what is signed ahead is good for a minute only. */
const SLICE = 10;
const SAMPLE = 250;

/** Loads `server` for `seconds` in all and watches its resident memory. */
export async function watchMemory(server: Running, seconds: number, guess: number): Promise<MemoryReport> {
  const samples: Sample[] = [];
  let loaded = 0;
  let n = 0;
  while (loaded < seconds) {
    const state = { on: true };
    const sampling = sample(server, state, samples);
    const options = { warmup: 0, measure: Math.min(SLICE, seconds - loaded) };
    const round = await measure(server, CONNECTIONS, options, guess);
    state.on = false;
    await sampling;
    loaded += options.measure;
    n += round.n;
  }
  const sizes = samples.map(({ megabytes }) => megabytes);
  return {
    seconds: loaded,
    n,
    startMB: rounded(sizes[0] ?? 0, 1),
    maxMB: rounded(Math.max(...sizes), 1),
    slopeMBPerMinute: rounded(slope(samples.slice(Math.floor(samples.length / 2))) * 60, 2),
  };
}

interface Sample {
  /** seconds of sampling, pauses between slices left out */
  readonly at: number;
  readonly megabytes: number;
}

async function sample(server: Running, state: { on: boolean }, samples: Sample[]): Promise<void> {
  while (state.on) {
    const { rssBytes } = await server.child.ask('usage');
    samples.push({ at: (samples.length * SAMPLE) / 1000, megabytes: rssBytes / 2 ** 20 });
    await sleep(SAMPLE);
  }
}

/** Megabytes a second. */
function slope(samples: readonly Sample[]): number {
  const mean = (pick: (sample: Sample) => number): number =>
    samples.reduce((sum, each) => sum + pick(each), 0) / samples.length;
  const at = mean((each) => each.at);
  const megabytes = mean((each) => each.megabytes);
  let above = 0;
  let below = 0;
  for (const each of samples) {
    above += (each.at - at) * (each.megabytes - megabytes);
    below += (each.at - at) ** 2;
  }
  return below === 0 ? 0 : above / below;
}
