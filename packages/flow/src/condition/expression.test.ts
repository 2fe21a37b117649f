import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from './compile.ts';
import { conjunctsOf, type Expression } from './expression.ts';

const NAMES = ['a', 'b', 'c'];
const get = (name: string): Expression => ({ op: 'get', path: [name] });

const { expression } = fc.letrec<{ expression: Expression; leaf: Expression }>((tie) => ({
  leaf: fc.constantFrom(...NAMES).map(get),
  expression: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.record({ op: fc.constant('not' as const), arg: tie('expression') }),
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      left: tie('expression'),
      right: tie('expression'),
    }),
  ),
}));

const worlds = fc.record({ a: fc.boolean(), b: fc.boolean(), c: fc.boolean() });

describe('conjunctsOf', () => {
  test('a condition holds exactly where all of its conjuncts do', () => {
    fc.assert(
      fc.property(expression, worlds, (condition, world) => {
        const all = conjunctsOf(condition).every((conjunct) => compile(conjunct)(world));
        expect(all).toBe(compile(condition)(world));
      }),
    );
  });

  test('no conjunct is itself several statements that must all hold', () => {
    fc.assert(
      fc.property(expression, (condition) => {
        for (const conjunct of conjunctsOf(condition)) expect(conjunctsOf(conjunct)).toEqual([conjunct]);
      }),
    );
  });

  test('neither of two is; not both of two is one statement', () => {
    const either: Expression = { op: 'or', left: get('a'), right: get('b') };
    expect(conjunctsOf({ op: 'not', arg: either })).toEqual([
      { op: 'not', arg: get('a') },
      { op: 'not', arg: get('b') },
    ]);
    const both: Expression = { op: 'not', arg: { op: 'and', left: get('a'), right: get('b') } };
    expect(conjunctsOf(both)).toEqual([both]);
  });
});
