import { describe, expect, test } from 'vitest';
import { formatProblem, type Problem, sortProblems } from './problem.ts';

const problem = (file: string, line: number, column: number, message = 'm'): Problem => ({
  file,
  line,
  column,
  severity: 'error',
  message,
});

describe('formatProblem', () => {
  test('file, line and column come first, so that editors jump there', () => {
    expect(formatProblem(problem('a/b.yaml', 3, 7, 'no `x`'))).toBe('a/b.yaml:3:7: no `x`');
    expect(formatProblem({ ...problem('f', 1, 1), severity: 'warning' })).toBe('f:1:1: warning: m');
  });
});

describe('sortProblems', () => {
  test('by file, line, column and text, numbers as numbers', () => {
    const sorted = [
      problem('a', 2, 1),
      problem('a', 10, 1),
      problem('a', 10, 2, 'k'),
      problem('a', 10, 2, 'l'),
      problem('b', 1, 1),
    ];
    expect(sortProblems(sorted.toReversed())).toEqual(sorted);
  });

  test('the same mistake is told once', () => {
    expect(sortProblems([problem('a', 1, 1), problem('a', 1, 1), problem('a', 1, 2)])).toHaveLength(2);
  });
});
