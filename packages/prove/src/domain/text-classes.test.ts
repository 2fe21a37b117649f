import { compilePattern, likeMatches, matchesPattern } from '@writ/flow';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TextTests, textClasses } from './text-classes.ts';

/** How everything that a text is held against treats it. */
function treated(tests: TextTests, text: string): string {
  return JSON.stringify([
    tests.literals.map((literal) => literal === text),
    tests.globs.map((glob) => matchesPattern(compilePattern(glob), text)),
    tests.likes.map((pattern) => likeMatches(text, pattern)),
    tests.lengths.map((most) => text.length <= most),
  ]);
}

const few = fc.constantFrom('a', 'b', '/', 'é');
const short = fc.array(few, { maxLength: 5 }).map((all) => all.join(''));
const segment = fc
  .tuple(short, fc.boolean(), short)
  .map(([a, star, b]) => a.replaceAll('/', '') + (star ? '*' : '') + b.replaceAll('/', ''));
const glob = fc.array(segment, { minLength: 1, maxLength: 3 }).map((all) => all.join('/'));
const like = fc.array(fc.oneof(few, fc.constant(null)), { maxLength: 5 });
const anyTests: fc.Arbitrary<TextTests> = fc.record({
  literals: fc.array(short, { maxLength: 3 }),
  globs: fc.array(glob, { maxLength: 3 }),
  likes: fc.array(like, { maxLength: 2 }),
  lengths: fc.array(fc.nat({ max: 6 }), { maxLength: 2 }),
});

describe('classes of texts', () => {
  test('every text is treated like one of those that stand for all', () => {
    fc.assert(
      fc.property(anyTests, fc.array(short, { minLength: 20, maxLength: 20 }), (tests, texts) => {
        const known = new Set(textClasses(tests, 1, 'x').map((text) => treated(tests, text)));
        for (const text of texts) expect(known.has(treated(tests, text))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('a class has as many as were asked for, where there are so many', () => {
    const tests = { literals: ['a'], globs: ['b*'], likes: [], lengths: [] };
    const texts = textClasses(tests, 3, 'x');
    expect(texts.filter((text) => text.startsWith('b') && !text.includes('/'))).toHaveLength(3);
    expect(texts.filter((text) => text === 'a')).toHaveLength(1);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('a bound on the length has texts on either side, of every pattern', () => {
    const tests = { literals: [], globs: ['a*'], likes: [], lengths: [1000, 1200] };
    const lengths = textClasses(tests, 1, 'x').map((text) => [text.startsWith('a'), text.length]);
    for (const starts of [true, false])
      for (const length of [1001, 1201]) expect(lengths).toContainEqual([starts, length]);
  });

  test('500 prefixes are 501 classes', () => {
    const globs = Array.from({ length: 500 }, (_, i) => `acme/repository-${i}-*`);
    expect(textClasses({ literals: [], globs, likes: [], lengths: [] }, 1, 'x').length).toBe(
      new Set(globs).size + 1,
    );
  });

  test('S3.12 what makes too many classes has no answer', () => {
    const likes = Array.from('abcdefghijklmnop', (letter) => [null, letter, null]);
    expect(() => textClasses({ literals: [], globs: [], likes, lengths: [] }, 1, 'x')).toThrow(/too many/);
  });

  test('every text is well formed, also where patterns are of rare characters', () => {
    const tests = { literals: ['💥'], globs: ['💥*'], likes: [['💥', null, '💣']], lengths: [] };
    for (const text of textClasses(tests, 2, 'x')) expect(text.isWellFormed()).toBe(true);
    expect(() => textClasses({ ...tests, lengths: [3] }, 1, 'x')).toThrow(/basic plane/);
  });
});
