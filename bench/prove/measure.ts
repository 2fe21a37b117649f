import { compareUnder } from '@writ/prove';
import type { Case } from './cases.ts';

/** What one comparison took. Times in milliseconds, medians. */
export interface Figure {
  readonly name: string;
  readonly rules: number;
  readonly verdict: string;
  readonly ms: number;
  readonly spread: readonly [number, number];
  /** case splits */
  readonly nodes: number;
  readonly heapMB: number;
}

export function measure({ name, rules, verdict, old, fresh }: Case, repeat: number): Figure {
  const times: number[] = [];
  let nodes = 0;
  let heap = 0;
  // The first one warms up and is not counted.
  for (let i = 0; i <= repeat; i++) {
    const before = process.memoryUsage().heapUsed;
    const began = performance.now();
    const found = compareUnder(old, fresh);
    const took = performance.now() - began;
    if (found.verdict !== verdict)
      throw new Error(`${name} of ${rules} rules: ${found.verdict} (${found.because ?? ''}), not ${verdict}`);
    nodes = found.nodes;
    heap = Math.max(heap, process.memoryUsage().heapUsed - before);
    if (i > 0) times.push(took);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return {
    name,
    rules,
    verdict,
    ms: round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    spread: [round(sorted[0] ?? 0), round(sorted.at(-1) ?? 0)],
    nodes,
    heapMB: Math.round(heap / 2 ** 20),
  };
}

export function round(ms: number): number {
  return ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms);
}
