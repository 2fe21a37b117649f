import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, pick } from './assignment.ts';
import { all, any, type Ground, type Variable } from './ground.ts';
import { Exhausted, search } from './search.ts';
import { toSmtLib } from './smt-lib.ts';

const SIZES = [2, 3, 4, 2];
const variables: readonly Variable[] = SIZES.map((size, i) => ({
  name: `v${i}`,
  values: Array.from({ length: size }, (_, value) => value),
}));

const literal: fc.Arbitrary<Ground> = fc
  .tuple(fc.nat({ max: SIZES.length - 1 }), fc.integer({ min: 1, max: 14 }))
  .map(([variable, values]) => ({
    op: 'in',
    variable,
    values: BigInt(values) & ((1n << BigInt(SIZES[variable] ?? 0)) - 1n),
  }));
const { statement } = fc.letrec<{ statement: Ground }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 5 },
    literal,
    fc.array(tie('statement'), { minLength: 1, maxLength: 4 }).map(all),
    fc.array(tie('statement'), { minLength: 1, maxLength: 4 }).map(any),
  ),
}));

function worlds(): readonly (readonly number[])[] {
  return SIZES.reduce<readonly (readonly number[])[]>(
    (before, size) =>
      before.flatMap((picks) => Array.from({ length: size }, (_, value) => [...picks, value])),
    [[]],
  );
}

describe('the search', () => {
  test('finds values exactly where there are some, and they are right', () => {
    fc.assert(
      fc.property(statement, (sought) => {
        const found = search(sought, variables, { left: 10_000 });
        expect(found !== null).toBe(worlds().some((picks) => evaluate(sought, picks)));
        if (found !== null && !evaluate(sought, pick(found))) throw new Error('the values are wrong');
      }),
      { numRuns: 3_000 },
    );
  });

  test('S3.12 without a budget it has no answer, and says so', () => {
    const either: Ground = any([
      { op: 'in', variable: 0, values: 1n },
      { op: 'in', variable: 1, values: 1n },
    ]);
    expect(() => search(either, variables, { left: 0 })).toThrow(Exhausted);
    expect(search(either, variables, { left: 5 })).not.toBeNull();
  });

  test('counts what it does, the same each time', () => {
    const budget = { left: 1000 };
    const again = { left: 1000 };
    const sought = all([
      any([literalOf(0, 1n), literalOf(1, 2n)]),
      any([literalOf(2, 3n), literalOf(3, 2n)]),
    ]);
    search(sought, variables, budget);
    search(sought, variables, again);
    expect([budget.left < 1000, budget.left]).toEqual([true, again.left]);
  });

  test('SMT-LIB writes what is shared once', () => {
    const shared = all([literalOf(0, 1n), literalOf(2, 13n)]);
    expect(toSmtLib(any([shared, all([shared, literalOf(1, 1n)])]), variables)).toContain(
      '(or (= v2 0) (<= 2 v2 3))',
    );
  });
});

function literalOf(variable: number, values: bigint): Ground {
  return { op: 'in', variable, values };
}
