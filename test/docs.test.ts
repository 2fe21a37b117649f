import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { artefactMistakes } from '../scripts/docs/artefacts.ts';
import { isRunnable, runPage } from '../scripts/docs/snippets.ts';

const root = resolve(import.meta.dirname, '..');
const pages = globSync(['README.md', 'docs/**/*.md'], { cwd: root }).sort();
const runnable = pages.filter((page) => isRunnable(readFileSync(join(root, page), 'utf8')));

describe.concurrent('commands in the documents do what they say', () => {
  test.each(runnable)('%s', { timeout: 90_000 }, async (page) => {
    expect(await runPage(root, page)).toEqual([]);
  });
});

test('artefacts in the documents load', () => {
  expect(pages.flatMap((page) => artefactMistakes(root, page))).toEqual([]);
});
