import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { docsMistakes } from './docs.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'docs-'));
  write('package.json', '{"scripts":{"ok":"","start":""}}');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

test('a relative link to nothing is a mistake, one to a file, a folder or the web is not', () => {
  write('docs/b.md', '');
  write(
    'README.md',
    '[b](docs/b.md) [d](docs) [w](https://example.com/) [m](mailto:a@example.com) [x](docs/c.md)',
  );
  expect(docsMistakes(root)).toEqual(['README.md: `docs/c.md` leads nowhere']);
});

test('a link to a heading that is not there is a mistake', () => {
  write('docs/b.md', '# One\n## Two: `x`, and y\n## One\n');
  write('README.md', '# Top\n[a](#top) [b](docs/b.md#two-x-and-y) [c](docs/b.md#one-1) [d](docs/b.md#three)');
  expect(docsMistakes(root)).toEqual(['README.md: `docs/b.md#three` leads nowhere']);
});

test('what stands in code is not a link', () => {
  write('README.md', '`[a](b.md)`\n```md\n[a](c.md)\n```\n');
  expect(docsMistakes(root)).toEqual([]);
});

test('a script that does not exist is a mistake', () => {
  write('README.md', 'Run `npm start`, `npm run ok` or `npm run --silent gone`.');
  expect(docsMistakes(root)).toEqual(['README.md: no script `gone` in package.json']);
});

test('a plug-in without a page is a mistake once its folder exists', () => {
  write('packages/attest/package.json', '{"exports":{".":"","./oidc":"","./x509":""}}');
  write('packages/store/package.json', '{"exports":{".":"","./conformance":""}}');
  write('packages/store/src/conformance/conformance.ts', '');
  write('packages/attest/src/oidc/oidc.ts', '');
  expect(docsMistakes(root)).toEqual(['docs/reference/attest/oidc.md: missing, every plug-in has its page']);
  write('docs/reference/attest/oidc.md', '');
  expect(docsMistakes(root)).toEqual([]);
});

test('a path of the repository in backticks that is nowhere is a mistake', () => {
  write('packages/a/src/b.ts', '');
  write(
    'docs/c.md',
    '`packages/a/src/b.ts` `packages/a/src/` `packages/a` `packages/gone.ts` `a/b.ts` `npm test`',
  );
  write('package.json', '{"scripts":{"test":""}}');
  expect(docsMistakes(root)).toEqual(['docs/c.md: `packages/gone.ts` is not in the repository']);
});

test('a block of commands in README or docs that is neither run nor says why is a mistake', () => {
  write('README.md', '```sh\nls\n```\n```sh no-run\n```\n');
  write('docs/a.md', '```bash\n```\n');
  write('CONTRIBUTING.md', '```bash\n```\n');
  expect(docsMistakes(root)).toEqual([
    expect.stringContaining('README.md: line 4: `sh no-run` is not'),
    'docs/a.md: line 1: write `sh`, not `bash`: only `sh` is run',
  ]);
});
