import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, '../bench/main.ts');

test('the benchmark of runs that wait runs, and says everything that its page has', {
  timeout: 300_000,
}, async () => {
  const node = ['--conditions=writ:source', '--disable-warning=ExperimentalWarning', MAIN];
  const { stdout } = await promisify(execFile)(process.execPath, [...node, 'runs', '--small', '--json']);
  const lines: Readonly<Record<string, Readonly<Record<string, unknown>>>>[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const said = lines.map((line) => Object.keys(line).join());
  expect(said).toEqual([
    'machine',
    'filled',
    'redecided',
    'approved',
    'approved',
    ...Array.from({ length: 6 }, () => 'list'),
    'memory',
    'idle',
    'limit',
    'ratios',
  ]);
  expect(lines[1]?.['filled']).toMatchObject({ identities: 10_000, runs: 1_000 });
  expect(lines[2]?.['redecided']).toMatchObject({ n: 50 });
});
