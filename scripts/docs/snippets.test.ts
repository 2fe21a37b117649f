import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fencesOf, snippetOf } from './fences.ts';
import { isRunnable, outputMistakes, runPage } from './snippets.ts';

function snippets(markdown: string): readonly unknown[] {
  return fencesOf(markdown).map(snippetOf);
}

async function run(markdown: string): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), 'page-'));
  mkdirSync(join(root, 'examples'));
  writeFileSync(join(root, 'examples/ports'), '8420\n');
  writeFileSync(join(root, 'page.md'), markdown);
  try {
    return await runPage(root, 'page.md');
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('a fence is its language, what stands behind it, its text and its line', () => {
  expect(fencesOf('a\n```sh exit=3\nfalse\n```\n~~~~\n```\n~~~~\n')).toEqual([
    { lang: 'sh', info: 'exit=3', text: 'false\n', line: 2 },
    { lang: '', info: '', text: '```\n', line: 5 },
  ]);
});

test('a block of commands is run, or says why not', () => {
  expect(snippets('```sh\n```\n```sh exit=3\n```\n```text\n```')).toEqual([
    { kind: 'run', exit: 0 },
    { kind: 'run', exit: 3 },
    null,
  ]);
  expect(snippets('```sh background=http://localhost:8420/readyz\n```')).toEqual([
    { kind: 'background', until: 'http://localhost:8420/readyz' },
  ]);
  expect(snippets('```sh no-run: needs a database\n```')).toEqual([{ kind: 'no-run' }]);
  for (const opening of ['sh no-run', 'sh no-run: ', 'sh maybe', 'bash', 'console', 'sh exit=x'])
    expect(snippets(`\`\`\`${opening}\n\`\`\``), opening).toEqual([expect.any(String)]);
  expect(isRunnable('```sh no-run: x\n```')).toBe(false);
});

test('the snippets of a page share one shell and stop at the first that fails', async () => {
  expect(await run('```sh\na=1\n```\n```sh\n[ "$a" = 1 ]\n```')).toEqual([]);
  const [failed] = await run('```sh\necho before\nfalse\n```\n```sh\necho after\n```');
  expect(failed).toMatch(/^page\.md: stopped with exit code 1 after\n--- line 1\nbefore$/);
  expect(await run('```sh exit=3\nexit 3\n```')).toEqual([]);
  expect(await run('```sh exit=3\ntrue\n```')).toHaveLength(1);
  expect(await run('```sh\necho "$unset"\n```')).toHaveLength(1);
});

test('what a block says is printed must be printed, in its order', async () => {
  expect(
    await run('```sh\necho one 17 two; echo three >&2\n```\n```text output\none … two\nthree\n```'),
  ).toEqual([]);
  expect(await run('```sh\necho one\n```\n```text output\none\ntwo\n```')).toEqual([
    'page.md:4: not printed: two',
  ]);
  expect(await run('```sh\necho a; echo b\n```\n```text output\nb\na\n```')).toEqual([
    'page.md:4: not printed: a',
  ]);
  expect(outputMistakes(fencesOf('```text output\nx\n```'), '')).toEqual([':1: not printed: x']);
});

test('ports are free ones where a page runs, also in the example, and printed as the page writes them', async () => {
  expect(
    await run(
      '```sh\ncat examples/ports; [ "$(cat examples/ports)" = 8420 ]\n```\n```text output\n8420\n```',
    ),
  ).toEqual([]);
});

test('what runs beside a page has answered before it goes on, and ends with it', async () => {
  const server =
    "node -e \"require('node:http').createServer((q, r) => r.end('here')).listen(8431, '127.0.0.1')\"";
  const page = `\`\`\`sh background=http://127.0.0.1:8431/\n${server}\n\`\`\`\n\`\`\`sh\ncurl -s http://127.0.0.1:8431/\n\`\`\`\n\`\`\`text output\nhere\n\`\`\``;
  expect(await run(page)).toEqual([]);
});
