import { loadSet } from '@writ/flow';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../fixture.test.ts';
import { AROUND, lintParts } from './around.test.ts';
import { exampleFiles } from './example-flow.ts';
import { HELD_BY_LOADING, NOT_DECIDED } from './held.ts';
import { LINT_RULES } from './rules.ts';

describe.each(LINT_RULES)('$id $title', ({ id, severity, good, bad }) => {
  test('the good example is good', () => {
    expect(lintParts(...good)).toEqual([]);
  });

  test('the bad example yields exactly this, with a place and what would help', () => {
    const found = lintParts(...bad);
    expect(found.map((each) => each.id)).toEqual([id]);
    const [finding] = found;
    expect(finding?.severity).toBe(severity);
    expect(finding?.place?.file).toMatch(/^example.*\.flow\.yaml$/);
    expect(finding?.help).not.toBe('');
  });
});

describe.each(HELD_BY_LOADING)('$id $title', ({ bad, message }) => {
  test('does not load', () => {
    const { set, problems } = loadSet([...AROUND, ...exampleFiles(bad)], sha256);
    expect(set).toBeNull();
    expect(problems.map((problem) => problem.message).join('\n')).toContain(message);
  });
});

test('every rule of the table is decided, held by loading, or said not to be decided', () => {
  const ids = [...LINT_RULES, ...HELD_BY_LOADING, ...NOT_DECIDED].map(({ id }) => id).toSorted();
  const all = Array.from({ length: 36 }, (_, i) => `W${String(i + 1).padStart(3, '0')}`);
  expect(ids).toEqual(all);
});
