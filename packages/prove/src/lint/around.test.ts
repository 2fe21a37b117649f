import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem, loadForPlan, type SourceFile } from '@writ/flow';
import { expect, test } from 'vitest';
import { root, sha256 } from '../fixture.test.ts';
import { exampleFiles } from './example-flow.ts';
import type { Finding } from './finding.ts';
import { lint } from './lint.ts';
import type { Parts } from './lint-rule.ts';

const acme = join(root, 'examples/acme');

/** What stands around the flows of the example. */
export const AROUND: readonly SourceFile[] = globSync('**/*.yaml', { cwd: acme })
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
