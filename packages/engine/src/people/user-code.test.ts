import { sha256 } from '@writ/testkit/facts';
import { assert, constantFrom, integer, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUserCode, userCodeOf } from './user-code.ts';

const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'.split('');
const code = userCodeOf(sha256, 'a device code');

describe('the code that a person types', () => {
  test('is twelve letters of a device code, in groups', () => {
    assert(
      property(string(), (device) => {
        expect(userCodeOf(sha256, device)).toMatch(/^(?:[BCDFGHJKLMNPQRSTVWXZ]{4}(?:-|$)){3}/);
        expect(userCodeOf(sha256, device)).toBe(userCodeOf(sha256, device));
      }),
    );
  });

  test('uses every letter about as often as any other', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 4_000; i++)
      for (const letter of userCodeOf(sha256, `${i}`).replaceAll('-', '').slice(0, 11))
        counts.set(letter, (counts.get(letter) ?? 0) + 1);
    expect([...counts.keys()].toSorted()).toEqual(LETTERS);
    for (const count of counts.values()) expect(Math.abs(count - 2_200)).toBeLessThan(250);
  });

  test.each([code, code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `])(
    'is read however it is typed: %j',
    (typed) => {
      expect(readUserCode(typed)).toBe(code);
    },
  );

  test('with one wrong letter is no code', () => {
    assert(
      property(integer({ min: 0, max: 11 }), constantFrom(...LETTERS), (at, letter) => {
        const letters = code.replaceAll('-', '');
        const typed = letters.slice(0, at) + letter + letters.slice(at + 1);
        expect(readUserCode(typed)).toBe(letters[at] === letter ? code : null);
      }),
    );
  });

  test.each([
    '',
    'BCDF',
    `${code}B`,
    code.slice(1),
    code.replace(/[A-Z]/, 'A'),
    code.replace(/[A-Z]/, 'é'),
    '%',
    '0'.repeat(12),
  ])('is nothing else: %j', (typed) => {
    expect(readUserCode(typed)).toBeNull();
  });
});
