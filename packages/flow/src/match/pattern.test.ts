import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern, matchesPattern, patternProblem } from './pattern.ts';

const matches = (pattern: string, value: string): boolean => matchesPattern(compilePattern(pattern), value);

describe('matchesPattern', () => {
  test.each([
    ['acme/app', 'acme/app'],
    ['acme/*', 'acme/app'],
    ['refs/heads/release-*', 'refs/heads/release-1'],
    ['refs/heads/release-*', 'refs/heads/release-'],
    ['refs/heads/*-stable', 'refs/heads/v1-stable'],
    ['*/app', 'acme/app'],
    ['a*a', 'aa'],
    ['*', 'x'],
    ['spiffe://a.example/ns/*/agent/*', 'spiffe://a.example/ns/prod/agent/b'],
    ['a.c', 'a.c'],
  ])('%s matches %s', (pattern, value) => expect(matches(pattern, value)).toBe(true));

  test.each([
    ['acme/app', 'acme/app-evil'],
    ['acme/app', 'acme/app2'],
    ['acme/app', 'xacme/app'],
    ['acme/app', 'acme/App'],
    ['acme/app', 'acme/app/'],
    ['acme/app', 'acme/app '],
    ['acme/app', 'acme/app\n'],
    ['acme/app', '/acme/app'],
    ['acme/app', 'acme//app'],
    ['acme/app', 'acme\\app'],
    ['acme/app', 'acme%2Fapp'],
    ['acme/*', 'acme-evil/app'],
    ['acme/*', 'acme/app/evil'],
    ['acme/*', 'acme/'],
    ['acme/*', 'acme'],
    ['acme/*', 'acme//'],
    ['*/app', '/app'],
    ['refs/heads/release-*', 'refs/heads/release-1/evil'],
    ['refs/heads/release-*', 'refs/heads/xrelease-1'],
    ['refs/heads/release-*', 'refs/tags/release-1'],
    ['refs/heads/release-*', 'refs/heads/main\nrefs/heads/release-1'],
    ['a*a', 'a'],
    ['ab*ba', 'aba'],
    ['*', ''],
    ['*', 'a/b'],
    ['a.c', 'abc'],
    ['a|b', 'a'],
    ['(a)', 'a'],
    ['a?', 'a'],
    ['[a]', 'a'],
    ['é', 'e\u0301'],
  ])('G3 the evil neighbour: %s does not match %j', (pattern, value) =>
    expect(matches(pattern, value)).toBe(false),
  );

  /** Law 9 as it is written, by trying every way to split. */
  function naive(pattern: string, value: string): boolean {
    const [patterns, values] = [pattern.split('/'), value.split('/')];
    return patterns.length === values.length && patterns.every((segment, i) => one(segment, values[i]!));
  }
  function one(segment: string, value: string): boolean {
    const star = segment.indexOf('*');
    if (star < 0) return segment === value;
    if (value === '') return false;
    for (let from = 0; from <= value.length; from++) {
      for (let to = from; to <= value.length; to++) {
        const filled = segment.slice(0, star) + value.slice(from, to) + segment.slice(star + 1);
        if (filled === value) return true;
      }
    }
    return false;
  }

  const segment = fc
    .array(fc.constantFrom('a', 'b', 'ab', '.', '-', '\u{1F600}', '\\', ' '), { maxLength: 4 })
    .map((parts) => parts.join(''));
  const open = fc.tuple(segment, segment).map(([before, after]) => `${before}*${after}`);
  const pattern = fc
    .array(fc.oneof(segment, open), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'));
  /** Values near a pattern: its stars filled, its segments dropped, doubled or changed. */
  const near = pattern.chain((text) =>
    fc.record({
      text: fc.constant(text),
      value: fc
        .tuple(
          fc.array(fc.constantFrom('', 'a', 'x', '/', '-'), { minLength: 6, maxLength: 6 }),
          fc.constantFrom('', '', '', '/', 'x', '-evil', '\n'),
          fc.boolean(),
        )
        .map(([fills, end, front]) => {
          const filled = text
            .split('*')
            .reduce((all, part, i) => all + (i === 0 ? '' : fills[i % 6]!) + part, '');
          return front ? end + filled : filled + end;
        }),
    }),
  );

  test('S1.7 it decides as the law is written, on values near the pattern', () => {
    const seen = { true: 0, false: 0 };
    fc.assert(
      fc.property(near, ({ text, value }) => {
        expect(patternProblem(text)).toBeNull();
        const expected = naive(text, value);
        seen[`${expected}`]++;
        expect([text, value, matches(text, value)]).toEqual([text, value, expected]);
      }),
      { numRuns: 4_000 },
    );
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(400);
  });

  test('without a star it is equality, and no match ever has another number of segments', () => {
    fc.assert(
      fc.property(pattern, fc.string(), (text, value) => {
        const literal = text.replaceAll('*', 'x');
        expect(matches(literal, value)).toBe(literal === value);
        expect(matches(literal, literal)).toBe(true);
        expect(matches(text, `${value}/${text}`)).toBe(false);
      }),
    );
  });
});

describe('patternProblem', () => {
  test.each(['a', '*', 'a*', 'a/*', '*/*', 'a*b/c*d', ''])('%j has none', (text) =>
    expect(patternProblem(text)).toBeNull(),
  );

  test.each([
    ['**', '**'],
    ['a**', 'a**'],
    ['a*b*', 'a*b*'],
    ['x/*-*/y', '*-*'],
  ])('W008 %s has more than one star in a segment', (text, named) => {
    expect(patternProblem(text)).toBe(`\`${named}\` has more than one \`*\`; a segment may have one`);
  });
});
