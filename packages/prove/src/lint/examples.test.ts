import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem, loadForPlan, loadSet, type SourceFile } from '@writ/flow';
import { describe, expect, test } from 'vitest';
import { root, sha256 } from '../fixture.test.ts';
import { exampleFiles } from './example-flow.ts';
import type { Finding } from './finding.ts';
import { HELD_BY_LOADING, NOT_DECIDED } from './held.ts';
import { lint } from './lint.ts';
import type { Parts } from './lint-rule.ts';
import { LINT_RULES } from './rules.ts';

const acme = join(root, 'examples/acme');

/** What stands around the flows of the example. */
const AROUND: readonly SourceFile[] = globSync('**/*.yaml', { cwd: acme })
  .filter((path) => path !== 'writ.yaml' && !path.includes('flow') && !path.includes('rights'))
  .toSorted()
  .map((path) => ({ path, text: readFileSync(join(acme, path), 'utf8') }));

/** What is found in files, with the example's artefacts around them. */
export function lintFiles(files: readonly SourceFile[]): readonly Finding[] {
  const all = [...AROUND, ...files];
  const { set, problems } = loadForPlan(all, sha256);
  if (set === null) throw new Error(problems.map(formatProblem).join('\n'));
  return lint(set, { files: all, problems });
}

export function lintParts(...parts: Parts): readonly Finding[] {
  return lintFiles(exampleFiles(parts));
}

test('nothing is found in the flow that the examples are parts of', () => {
  expect(lintParts()).toEqual([]);
});

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
