import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Border, borders } from '../boundaries/table.ts';
import { cliReference, exitCodeTable } from './cli.ts';
import { generatedMistakes } from './generated.ts';
import { drawHouse } from './house.ts';
import { oauthErrorMistakes } from './tables.ts';

let root = '';
const repository = resolve(import.meta.dirname, '../..');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'generated-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('a generated part that differs is a mistake, and written by `--fix`', () => {
  const page = join(root, 'a.md');
  writeFileSync(
    page,
    'x\n<!-- generated: t -->\n<!-- end -->\ny\n<!-- generated: u -->\nold\n<!-- end -->\n',
  );
  const sections = { t: () => 'one', u: () => 'two\n' };
  expect(generatedMistakes(root, sections, false)).toHaveLength(1);
  expect(generatedMistakes(root, sections, true)).toEqual([]);
  expect(generatedMistakes(root, sections, false)).toEqual([]);
  expect(readFileSync(page, 'utf8')).toBe(
    'x\n<!-- generated: t -->\n\none\n\n<!-- end -->\ny\n<!-- generated: u -->\n\ntwo\n\n<!-- end -->\n',
  );
});

test('a part that nothing makes, and one that no page shows, are mistakes', () => {
  writeFileSync(join(root, 'a.md'), '<!-- generated: gone -->\n<!-- end -->\n');
  expect(generatedMistakes(root, { t: () => '' }, false)).toEqual([
    'a.md: nothing generates `gone`',
    'no page shows the generated part `t`',
  ]);
});

test('the drawing of the house has every package and every arrow, and ARCHITECTURE.md shows it', () => {
  const drawing = drawHouse();
  for (const [name, { imports }] of Object.entries(borders)) {
    const line = drawing.split('\n').find((each) => each.startsWith(`${name} `)) ?? '';
    expect(line.split('──▶')[1]?.trim().split(' ').sort(), name).toEqual(
      imports.length === 0 ? ['(nothing', 'of', 'ours)'].sort() : imports.toSorted(),
    );
  }
  expect(readFileSync(join(repository, 'ARCHITECTURE.md'), 'utf8')).toContain(drawing);
});

test('a package or an arrow more changes the drawing', () => {
  const one: Border = { imports: [], builtins: false, host: false, why: '' };
  expect(drawHouse({ a: one, b: { ...one, imports: ['a'], dynamic: ['@x/y'], external: ['z'] } })).toBe(
    'b ──▶ a\n  ┄┄▶ @x/y   by import() alone\n      npm: z\na ──▶ (nothing of ours)',
  );
});

test('the command reference has every command with its options', () => {
  const text = cliReference();
  for (const heading of ['## writ dev', '## writ flow check', '## writ identity show', '## writ verify'])
    expect(text).toContain(`${heading}\n`);
  expect(text).toContain('--receipt <file>');
  expect(exitCodeTable()).toContain('| 8 | verification-failed |');
});

test('the page about errors has every OAuth error with its status, and no other', () => {
  const page = readFileSync(join(repository, 'docs/reference/errors.md'), 'utf8');
  expect(oauthErrorMistakes(page)).toEqual([]);
  expect(
    oauthErrorMistakes(page.replace('| `invalid_client` | 401 |', '| `invalid_client` | 400 |')),
  ).toEqual(['no row `invalid_client` with status 401']);
  expect(oauthErrorMistakes(page.replace('`invalid_scope` |', '`invalid_scop` |'))).toEqual([
    'no row `invalid_scope` with status 400',
    '`invalid_scop` is answered by nothing',
  ]);
});
