/** How long something took, many times. Milliseconds. */
export interface Figure {
  readonly name: string;
  readonly n: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** Does it `n` times, one after the other, after a tenth of them that are not counted. */
export async function timed(name: string, n: number, work: (i: number) => Promise<unknown>): Promise<Figure> {
  const warm = Math.ceil(n / 10);
  const times: number[] = [];
  for (let i = 0; i < warm + n; i++) {
    const began = performance.now();
    await work(i);
    if (i >= warm) times.push(performance.now() - began);
  }
  return figureOf(name, times);
}

export function figureOf(name: string, times: readonly number[]): Figure {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (q: number): number =>
    rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0);
  return { name, n: times.length, p50: at(0.5), p99: at(0.99), most: at(1) };
}

export function rounded(value: number): number {
  return Number(value.toFixed(value < 10 ? 3 : 1));
}
