import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numberClasses } from './number-classes.ts';

const constants = fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 3 });

describe('classes of numbers', () => {
  test('any numbers compare with the constants and each other as some of them do', () => {
    const three = fc.tuple(
      fc.integer({ min: -9, max: 9 }),
      fc.integer({ min: -9, max: 9 }),
      fc.integer({ min: -9, max: 9 }),
    );
    fc.assert(
      fc.property(constants, three, (edges, numbers) => {
        const pattern = (values: readonly number[]): string =>
          JSON.stringify(
            values.map((a) => [
              edges.map((edge) => Math.sign(a - edge)),
              values.map((b) => Math.sign(a - b)),
            ]),
          );
        const classes = numberClasses(edges, 3, [1]);
        const all = classes.flatMap((a) => classes.flatMap((b) => classes.map((c) => pattern([a, b, c]))));
        expect(all).toContain(pattern(numbers));
      }),
      { numRuns: 100 },
    );
  });

  test('a gap has multiples of a step, where there are any', () => {
    const classes = numberClasses([900_000, 3_600_000], 1, [1000]);
    const between = classes.filter((value) => value > 900_000 && value < 3_600_000 && value % 1000 === 0);
    expect(between.length).toBeGreaterThan(0);
    expect(
      numberClasses([1, 999], 1, [1000]).filter((value) => value > 1 && value < 999 && value % 1000 === 0),
    ).toEqual([]);
  });

  test('without constants there is a number', () => {
    expect(numberClasses([], 1, [1])).toContain(0);
  });
});
