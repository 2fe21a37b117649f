import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineStarts, placeIn } from './line.ts';

const place = (text: string, offset: number): string => {
  const { line, column } = placeIn(lineStarts(text))(offset);
  return `${line}:${column}`;
};

describe('placeIn', () => {
  test.each([
    ['', 0, '1:1'],
    ['ab', 1, '1:2'],
    ['ab', 2, '1:3'],
    ['a\nb', 1, '1:2'],
    ['a\nb', 2, '2:1'],
    ['a\n', 2, '2:1'],
    ['\n\n\n', 2, '3:1'],
    ['a\r\nb', 3, '2:1'],
    ['a', -5, '1:1'],
  ])('%j, offset %d is %s', (text, offset, expected) => expect(place(text, offset)).toBe(expected));

  test('it counts as one who counts line ends', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', '\u{1F600}')), fc.nat(200), (parts, at) => {
        const text = parts.join('');
        const before = text.slice(0, Math.min(at, text.length)).split('\n');
        expect(place(text, Math.min(at, text.length))).toBe(`${before.length}:${before.at(-1)!.length + 1}`);
      }),
    );
  });
});
