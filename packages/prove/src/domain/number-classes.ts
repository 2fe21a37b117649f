/**
 * Numbers such that any `count` numbers can be replaced by some of them without a comparison among them or with `constants`
 * coming out otherwise: the constants, and between, below and above them as many as there can be, multiples of `steps`
 * among them.
 */
export function numberClasses(
  constants: readonly number[],
  count: number,
  steps: readonly number[],
): readonly number[] {
  const edges = [...new Set(constants)].sort((a, b) => a - b);
  const first = edges[0] ?? 0;
  const last = edges.at(-1) ?? 0;
  const found = new Set<number>(edges.length === 0 ? [0] : edges);
  const between = (low: number, high: number): void => {
    for (const value of inside(low, high, count, steps)) found.add(value);
  };
  between(Number.NEGATIVE_INFINITY, first);
  edges.slice(1).forEach((edge, i) => between(edges[i] ?? edge, edge));
  between(last, Number.POSITIVE_INFINITY);
  return [...found].filter(Number.isSafeInteger).sort((a, b) => a - b);
}

/** Enough whole numbers strictly between two: next to either end, at multiples of each step, and around those. */
function inside(low: number, high: number, count: number, steps: readonly number[]): readonly number[] {
  const found: number[] = [];
  for (const step of new Set([1, ...steps])) {
    for (let i = 1; i <= count; i++) {
      const centres = [
        ...(Number.isFinite(low) ? [Math.floor(low / step) * step + i * step] : []),
        ...(Number.isFinite(high) ? [Math.ceil(high / step) * step - i * step] : []),
      ];
      for (const centre of centres) {
        for (let off = -count; off <= count; off++) found.push(centre + off);
      }
    }
  }
  return found.filter((value) => value > low && value < high);
}
