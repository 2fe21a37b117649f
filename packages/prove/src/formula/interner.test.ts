import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Atom, and, atom, type Formula, not, or, TRUE } from './formula.ts';
import { Interner } from './interner.ts';

const name = fc.constantFrom('a', 'b', 'a b', '1:a', '');
const member = fc.oneof(fc.record({ text: name }), fc.record({ of: name }));
const atoms: fc.Arbitrary<Atom> = fc.oneof(
  fc.record({ test: fc.constant('present' as const), of: name }),
  fc.record({ test: fc.constant('is' as const), of: name, value: fc.oneof(name, fc.nat(2), fc.boolean()) }),
  fc.record({ test: fc.constantFrom('at-most' as const), of: name, value: fc.nat(2) }),
  fc.record({ test: fc.constant('length' as const), of: name, atMost: fc.nat(2) }),
  fc.record({ test: fc.constant('match' as const), of: name, pattern: name }),
  fc.record({
    test: fc.constant('like' as const),
    of: name,
    pattern: fc.array(fc.option(name), { maxLength: 2 }),
  }),
  fc.record({ test: fc.constantFrom('same', 'below', 'subset', 'overlap'), left: name, right: name }),
  fc.record({ test: fc.constant('contains' as const), set: name, member }),
  fc.record({ test: fc.constant('within' as const), set: name, members: fc.array(member, { maxLength: 2 }) }),
);
const formulas: fc.Arbitrary<Formula> = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 3 },
    atoms.map(atom),
    tie('formula').map(not),
    fc.array(tie('formula'), { maxLength: 3 }).map((args) => and(...args)),
    fc.array(tie('formula'), { maxLength: 3 }).map((args) => or(...args)),
  ),
})).formula;

describe('one object for formulas that are written alike', () => {
  test('it says what the formula says', () => {
    fc.assert(
      fc.property(formulas, (formula) => {
        expect(new Interner().of(formula)).toEqual(formula);
      }),
    );
  });

  test('two have one object exactly where they are written alike', () => {
    fc.assert(
      fc.property(formulas, formulas, (a, b) => {
        const interner = new Interner();
        expect(interner.of(a) === interner.of(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
        expect(interner.of(structuredClone(a))).toBe(interner.of(a));
      }),
      { numRuns: 2_000 },
    );
  });

  test('its own objects are left as they are', () => {
    const interner = new Interner();
    const once = interner.of(or(TRUE, atom({ test: 'present', of: 'a' })));
    expect(interner.of(once)).toBe(once);
  });
});
