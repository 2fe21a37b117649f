import type { Usage } from './child-protocol.ts';
import { type Driven, drive } from './load.ts';
import type { Options, Subject } from './options.ts';
import type { Running } from './subjects.ts';

/** One measured window. */
export interface Round {
  readonly subject: Subject;
  readonly connections: number;
  readonly n: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** milliseconds */
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicros: number;
  readonly batch: number;
  readonly rssMB: number;
}

/** Requests ahead of the fastest server measured so far. */
const MARGIN = 1.5;
/** What is assumed of a server that has not been measured, exchanges a second. */
const FIRST_GUESS = 2_500;
/** Of the window asked for, what must have been measured before requests ran out. */
const ENOUGH = 0.75;

/** Measures one server at one number of connections; signs more and repeats where requests ran out. */
export async function measure(
  server: Running,
  connections: number,
  options: Pick<Options, 'warmup' | 'measure'>,
  guess: number = FIRST_GUESS,
): Promise<Round> {
  const wanted = Math.ceil(guess * MARGIN * (options.warmup + options.measure)) + connections;
  const next = await server.supply(wanted, connections);
  const marks: Usage[] = [];
  const driven = await drive({
    port: server.child.port,
    connections,
    next,
    warmup: options.warmup,
    measure: options.measure,
    receipts: server.subject !== 'peer',
    mark: async () => {
      marks.push(await server.child.ask('usage'));
    },
  });
  if (driven.seconds < options.measure * ENOUGH) return measure(server, connections, options, guess * 2);
  return roundOf(server.subject, connections, driven, marks);
}

function roundOf(subject: Subject, connections: number, driven: Driven, marks: readonly Usage[]): Round {
  const [open, close] = marks;
  if (open === undefined || close === undefined) throw new Error('a window was not marked');
  const { n, seconds, latencies, batch } = driven;
  return {
    subject,
    connections,
    n,
    seconds: rounded(seconds, 2),
    perSecond: rounded(n / seconds, 1),
    p50: rounded(quantile(latencies, 0.5), 2),
    p99: rounded(quantile(latencies, 0.99), 2),
    cpuMicros: rounded((close.cpuMicros - open.cpuMicros) / n, 1),
    batch: rounded(batch, 1),
    rssMB: rounded(close.rssBytes / 2 ** 20, 1),
  };
}

function quantile(ascending: Float64Array, q: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * q))] ?? 0;
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
