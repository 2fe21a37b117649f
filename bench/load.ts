import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Driven {
  /** answers within the measured window */
  readonly n: number;
  readonly seconds: number;
  /** milliseconds, ascending */
  readonly latencies: Float64Array;
  /** exchanges in one commit: the mean, by the checkpoints that came back; 0 where answers carry none */
  readonly batch: number;
}

export interface DriveOptions {
  readonly port: number;
  readonly connections: number;
  /** the next request, whole; undefined when there is none any more */
  readonly next: () => Buffer | undefined;
  /** seconds before anything is counted */
  readonly warmup: number;
  /** seconds */
  readonly measure: number;
  /** whether answers end with a receipt whose checkpoint tells batches apart */
  readonly receipts: boolean;
  /** called as the measured window opens and as it closes, under load */
  readonly mark: (edge: 'open' | 'close') => Promise<void>;
}

interface Counted {
  on: boolean;
  readonly latencies: number[];
  readonly checkpoints: Set<string>;
}

/**
 * Keeps each of `connections` keep-alive connections busy with one request at a time. The window ends early when requests
 * run out.
 *
 * @throws Error for any answer that is not a 200 with a token
 */
export async function drive(options: DriveOptions): Promise<Driven> {
  const counted: Counted = { on: false, latencies: [], checkpoints: new Set() };
  const ended = new AbortController();
  const all = Promise.all(
    Array.from({ length: options.connections }, async () => keepBusy(options, counted, ended)),
  );
  await Promise.race([all, sleep(options.warmup * 1000)]);
  await options.mark('open');
  counted.on = true;
  const start = performance.now();
  await Promise.race([all, sleep(options.measure * 1000), aborted(ended.signal)]);
  await options.mark('close');
  counted.on = false;
  const seconds = (performance.now() - start) / 1000;
  ended.abort();
  await all;
  const { latencies, checkpoints } = counted;
  return {
    n: latencies.length,
    seconds,
    latencies: Float64Array.from(latencies).sort(),
    batch: checkpoints.size === 0 ? 0 : latencies.length / checkpoints.size,
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

const HEAD_END = Buffer.from('\r\n\r\n');
const TOKEN = '"access_token":"';
/** Characters at the end of a receipt that are those of its checkpoint's signature. */
const CHECKPOINT_TAIL = 64;

async function keepBusy(options: DriveOptions, counted: Counted, ended: AbortController): Promise<void> {
  const socket = await open(options.port);
  try {
    await new Promise<void>((resolve, reject) => {
      let received: Buffer = Buffer.alloc(0);
      let sentAt = 0;
      const send = (): void => {
        const request = ended.signal.aborted ? undefined : options.next();
        if (request === undefined) {
          ended.abort();
          resolve();
          return;
        }
        sentAt = performance.now();
        socket.write(request);
      };
      socket.on('data', (chunk: Buffer) => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        const body = wholeBody(received);
        if (body === null) return;
        const latency = performance.now() - sentAt;
        if (!received.subarray(9, 12).equals(OK) || !body.subarray(0, 400).includes(TOKEN)) {
          ended.abort();
          reject(new Error(`an answer is no token: ${received.toString('latin1').slice(0, 1_500)}`));
          return;
        }
        if (counted.on) {
          counted.latencies.push(latency);
          if (options.receipts)
            counted.checkpoints.add(body.toString('latin1', body.length - CHECKPOINT_TAIL));
        }
        received = received.subarray(received.length);
        send();
      });
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('a server closed a connection')));
      send();
    });
  } finally {
    socket.destroy();
  }
}

const OK = Buffer.from('200');

/** The body once all of it is there. */
function wholeBody(received: Buffer): Buffer | null {
  const end = received.indexOf(HEAD_END);
  if (end < 0) return null;
  const head = received.toString('latin1', 0, end);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
  if (Number.isNaN(length)) throw new Error(`an answer has no length: ${head}`);
  const start = end + HEAD_END.length;
  return received.length < start + length ? null : received.subarray(start, start + length);
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return socket;
}
