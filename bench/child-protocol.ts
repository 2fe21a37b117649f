import type { CryptoCost } from './crypto-cost.ts';

/** What a measured process says of itself since it started. */
export interface Usage {
  /** user and system, all threads */
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

/** What the bench asks of a measured process, by name. */
export interface Answers {
  readonly usage: Usage;
  readonly crypto: CryptoCost;
}
export type Question = keyof Answers;

export interface Asked {
  readonly id: number;
  readonly question: Question;
}

export type FromChild =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answers[Question] };

/** The child's side: serves until the bench goes away. `start` resolves with the port that is listened on. */
export async function serveBench(
  start: () => Promise<{ readonly port: number; readonly stop: () => Promise<void> }>,
  crypto: () => CryptoCost,
): Promise<void> {
  const answers: { readonly [Q in Question]: () => Answers[Q] } = { usage, crypto };
  try {
    const { port, stop } = await start();
    process.on('message', ({ id, question }: Asked) => {
      say({ kind: 'answer', id, answer: answers[question]() });
    });
    process.once('disconnect', () => void stop());
    say({ kind: 'ready', port });
  } catch (error) {
    say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.disconnect();
  }
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMicros: user + system, rssBytes: process.memoryUsage.rss() };
}

function say(message: FromChild): void {
  process.send?.(message);
}
