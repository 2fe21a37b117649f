import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Hash } from '@writ/core';
import { describe, expect, test } from 'vitest';
import type { ConditionSource, FlowDefinition } from '../definition/definition.ts';
import { flowShape } from '../definition/load-definition.ts';
import { parseYaml } from '../document/parse-yaml.ts';
import { formatProblem } from '../document/problem.ts';
import type { ArtefactSet } from './artefact-set.ts';
import { type CompiledFlow, compileFlow } from './compile-flow.ts';
import { type LoadedSet, loadSet, type SourceFile } from './load-set.ts';

export const sha256: Hash = (data) => createHash('sha256').update(data).digest();

const root = resolve(import.meta.dirname, '../../../..');
const acme = join(root, 'examples/acme');

/** The example's artefacts, by path. */
export const ACME: readonly SourceFile[] = globSync('**/*.yaml', { cwd: acme })
  .filter((path) => path !== 'writ.yaml')
  .toSorted()
  .map((path) => ({ path, text: readFileSync(join(acme, path), 'utf8') }));

export const ACME_FLOWS: readonly SourceFile[] = ACME.filter(({ path }) => path.endsWith('.flow.yaml'));

export function loadAcme(): ArtefactSet {
  const { set, problems } = loadSet(ACME, sha256);
  if (set === null) throw new Error(problems.map(formatProblem).join('\n'));
  return set;
}

/** The example with one text of one file replaced. */
export function acmeWith(path: string, from: string, to: string): readonly SourceFile[] {
  const file = ACME.find((candidate) => candidate.path === path);
  if (file === undefined || !file.text.includes(from)) throw new Error(`no ${from} in ${path}`);
  return ACME.map((each) => (each === file ? { path, text: file.text.replace(from, () => to) } : each));
}

export function problemsOf(loaded: Pick<LoadedSet, 'problems'>): readonly string[] {
  return loaded.problems.map(formatProblem);
}

/** What is said after one text of the example has been replaced, without places. */
export function saidAfter(path: string, from: string, to: string): readonly string[] {
  return problemsOf(loadSet(acmeWith(path, from, to), sha256)).map((problem) =>
    problem.replace(/^\S+:\d+:\d+: /, ''),
  );
}

const anchors = loadAcme().anchors;

/** One flow by itself, against the example's anchors. */
export function compileText(text: string): { flow: CompiledFlow | null; problems: readonly string[] } {
  const yaml = parseYaml('f.yaml', text);
  const problems = [...yaml.problems];
  const report = (at: number, message: string, severity: 'error' | 'warning' = 'error'): void => {
    problems.push({ file: 'f.yaml', ...yaml.place(at), severity, message });
  };
  const definition: FlowDefinition<ConditionSource> | undefined =
    yaml.root === null ? undefined : flowShape(yaml.root, report);
  const flow =
    definition === undefined
      ? null
      : compileFlow(definition, anchors, sha256, (source, at, message, severity) =>
          report(
            at === null || source.contentAt === null ? source.at : source.contentAt + at,
            message,
            severity,
          ),
        );
  const failed = problems.some(({ severity }) => severity === 'error');
  return { flow: failed ? null : flow, problems: problems.map(formatProblem) };
}

describe('examples/acme', () => {
  test('S0.2 the example loads whole, without a problem', () => {
    expect(problemsOf(loadSet(ACME, sha256))).toEqual([]);
    expect([...loadAcme().flows.keys()].toSorted()).toEqual([
      'agent-tool-identity',
      'change',
      'ci-deploy-token',
      'device-certificate',
      'identity-issue',
      'integration-api-key',
      'service-token',
    ]);
  });

  const vectors = join(resolve(root, process.env['WRIT_VECTORS'] ?? '../shared/vectors'), 'flows');
  const present = existsSync(vectors);
  if (!present) console.log(`ABSENT: vectors ${relative(root, vectors)}`);
  test.skipIf(!present)('S1.1 the four flows of the vectors mean what those of the example mean', () => {
    const both = ACME_FLOWS.filter(({ path }) => existsSync(join(vectors, path.slice('flows/'.length))));
    expect(both.length).toBe(4);
    for (const { path, text } of both) {
      const theirs = compileText(readFileSync(join(vectors, path.slice('flows/'.length)), 'utf8'));
      expect([path, theirs.problems, theirs.flow?.hash]).toEqual([path, [], compileText(text).flow?.hash]);
    }
  });
});
