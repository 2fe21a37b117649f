import { expect, test } from 'vitest';
import { and, atom, type Formula, not, or, TRUE } from '../formula/formula.ts';
import { renamed } from './rename.ts';

const SPEAKS: readonly (readonly [Formula, Formula])[] = [
  [atom({ test: 'present', of: 'x' }), atom({ test: 'present', of: 'y' })],
  [atom({ test: 'same', left: 'a', right: 'x' }), atom({ test: 'same', left: 'a', right: 'y' })],
  [atom({ test: 'below', left: 'x', right: 'x' }), atom({ test: 'below', left: 'y', right: 'y' })],
  [
    atom({ test: 'contains', set: 's', member: { of: 'x' } }),
    atom({ test: 'contains', set: 's', member: { of: 'y' } }),
  ],
  [
    atom({ test: 'within', set: 'x', members: [{ text: 'x' }, { of: 'x' }] }),
    atom({ test: 'within', set: 'y', members: [{ text: 'x' }, { of: 'y' }] }),
  ],
];

test.each(SPEAKS)('every atom that speaks of the attribute speaks of the other', (before, after) => {
  expect(renamed(before, 'x', 'y')).toEqual(after);
  const other = atom({ test: 'present', of: 'z' });
  expect(renamed(or(not(and(before, other)), other), 'x', 'y')).toEqual(or(not(and(after, other)), other));
});

test('what does not speak of it is the same object, so that nothing is worked out twice', () => {
  const untouched = or(
    atom({ test: 'present', of: 'z' }),
    not(atom({ test: 'subset', left: 'a', right: 'b' })),
  );
  expect(renamed(untouched, 'x', 'y')).toBe(untouched);
  expect(renamed(TRUE, 'x', 'y')).toBe(TRUE);
});
