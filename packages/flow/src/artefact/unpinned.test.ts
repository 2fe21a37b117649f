import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSet } from './load-set.ts';
import { unpinned } from './unpinned.ts';

const ACME = join(import.meta.dirname, '../../../../examples/acme');
const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');

function problemsAfter(path: string, edit: (text: string) => string): readonly string[] {
  const paths = readdirSync(ACME, { recursive: true, encoding: 'utf8' });
  const files = paths
    .filter((each) => each.endsWith('.yaml') && each !== 'writ.yaml')
    .map((each) => ({ path: each, text: readFileSync(join(ACME, each), 'utf8') }))
    .map((file) => (file.path === path ? { ...file, text: edit(file.text) } : file));
  const { set, problems } = loadSet(files, sha256);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return set === null ? ['it does not load'] : unpinned(set);
}

test('G1 every flow of the example pins who it is for', () => {
  expect(problemsAfter('', (text) => text)).toEqual([]);
});

test('G1 a proof that matches names alone is not put in force, and says which id to match', () => {
  const path = 'flows/ci-deploy-token.flow.yaml';
  const found = problemsAfter(path, (text) => text.replace(/ +repository_id: .*\n/, ''));
  expect(found).toEqual([
    'flow ci-deploy-token: proof github believes whoever has a token of github-actions/acme; match `repository_id`',
  ]);
});

test('G1 of several proofs that are all needed, one that pins is enough; where any will do, each must', () => {
  const path = 'flows/agent-tool-identity.flow.yaml';
  expect(problemsAfter(path, (text) => text)).toEqual([]);
  const any = problemsAfter(path, (text) =>
    text.replace(/^ {2}all:$/m, '  any:').replaceAll('evidence.person.subject', 'identity.uri'),
  );
  expect(any).toEqual([expect.stringContaining('proof person')]);
});
