import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Json, WritError } from '@writ/core';
import {
  type ArtefactSet,
  type Base,
  type CompiledFlow,
  type Fixture,
  type FlowTest,
  type FlowTestFile,
  type FlowTestRun,
  type Given,
  loadFlowTest,
  type Problem,
  type RecordedDecision,
  type TestResult,
} from '@writ/flow';
import { readArtefacts } from '../artefact-directory.ts';
import { readConfig } from '../config.ts';
import { type Beside, besideOf } from './flow-test/beside.ts';
import { type TestInstallation, testInstallation } from './flow-test/installation.ts';
import { createPresenter } from './flow-test/presented.ts';
import { changed, membersOf, type Situation, situationOf } from './flow-test/situation.ts';
import { runsOnTheEngine, type Stage } from './flow-test/stage.ts';
import { createTestKeys, type TestKeys } from './flow-test/test-keys.ts';
import { Walk } from './flow-test/walk.ts';

/**
 * Runs flow tests on the real engine, with a clock that stands still: those of a directory with `writ.yaml`, or the named
 * files of one.
 * `read` gives their text. @throws WritError `invalid` where the artefacts themselves do not load
 */
export async function flowTest(
  directory: string,
  only: readonly string[] | null,
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Promise<readonly FlowTestRun[]> {
  const keys = createTestKeys();
  const results: FlowTestRun[] = [];
  for (const path of only ?? testPaths(directory))
    results.push(await runFile(directory, path, keys, read(path)));
  return results;
}

/** The nearest directory above a file that has a `writ.yaml`. @throws WritError `invalid` where there is none */
export function directoryOf(file: string): string {
  for (let at = dirname(resolve(file)); ; at = dirname(at)) {
    if (existsSync(join(at, 'writ.yaml'))) return relative('.', at) === '' ? '.' : relative('.', at);
    if (dirname(at) === at) throw new WritError('invalid', `no directory above \`${file}\` has a writ.yaml`);
  }
}

function testPaths(directory: string): readonly string[] {
  if (!existsSync(directory) || !statSync(directory).isDirectory())
    throw new WritError('invalid', `\`${directory}\` is not a directory`);
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(sep).join('/'))
    .filter((name) => name.endsWith('.test.yaml') && !name.includes('node_modules'))
    .sort()
    .map((name) => join(directory, name));
}

const NOTHING: Beside = { people: {}, wide: null, assurances: {} };

async function runFile(
  directory: string,
  path: string,
  keys: TestKeys,
  content: string,
): Promise<FlowTestRun> {
  const nothing = { path, tested: null, results: [], decisions: [], bases: [], notes: [] };
  const { file, problems } = loadFlowTest(path, content);
  if (file === null) return { ...nothing, file, problems };
  const config = readConfig(directory);
  const files = readArtefacts(directory);
  const plain = testInstallation(files, NOTHING);
  const flow = plain.set.flows.get(file.flow);
  if (flow === undefined)
    return { ...nothing, file, problems: [problem(path, 1, `there is no flow \`${file.flow}\``)] };
  const presenter = createPresenter(plain.set, keys, config.publicUrl);
  const installed = new Map([[JSON.stringify(NOTHING), plain]]);
  const installation = (beside: Beside): TestInstallation => {
    const key = JSON.stringify(beside);
    const made = installed.get(key) ?? testInstallation(files, beside);
    installed.set(key, made);
    return made;
  };
  const results: TestResult[] = [];
  const decisions: RecordedDecision[] = [];
  for (const test of file.tests) {
    const fixture = file.fixtures[test.given.from];
    if (fixture === undefined) continue;
    const result = await runTest({ config, flow, keys, installation }, test, fixture, path);
    results.push({ name: test.name, line: test.line, failures: result.failures });
    decisions.push(...result.decisions);
  }
  const bases = await basesOf({ config, flow, keys, installation }, file, path);
  return {
    path,
    file,
    problems,
    tested: { flow, set: plain.set },
    results,
    decisions,
    bases,
    notes: runsOnTheEngine({ flow }, presenter) ? [] : [decisionAlone(flow)],
  };
}

function decisionAlone({ definition: { name, issues } }: CompiledFlow): string {
  return `${name}: flow tests do not issue ${issues}, or cannot verify its evidence: the decision alone is tested, and \`issued\` means that it says issue`;
}

/** What each fixture asks, and what each test asks at first. */
async function basesOf(
  around: Around,
  { fixtures, tests }: FlowTestFile,
  path: string,
): Promise<readonly Base[]> {
  const plain = Object.keys(fixtures).map((from): Given => ({ from, with: {}, without: [] }));
  const bases: Base[] = [];
  for (const given of [...plain, ...tests.map((test) => test.given)]) {
    const fixture = fixtures[given.from];
    if (fixture === undefined) continue;
    try {
      const { walk, situation, set } = begun(around, { name: '', given }, fixture, path);
      const facts = await walk.first();
      if (facts !== null) bases.push({ given, set, facts, now: situation.now });
    } catch (error) {
      // What is wrong with it is told of the test.
      if (!(error instanceof WritError)) throw error;
    }
  }
  return bases;
}

/** A test before its first request. @throws WritError `invalid` for what a fixture cannot be given */
function begun(
  around: Around,
  { name, given }: Pick<FlowTest, 'name' | 'given'>,
  fixture: Fixture,
  path: string,
): { readonly walk: Walk; readonly situation: Situation; readonly set: ArtefactSet } {
  const installation = around.installation(besideOf(fixture, given, around.flow.definition));
  const claims = claimsOf(fixture, around.flow, path);
  const situation = changed(situationOf(fixture, claims), given.with, given.without);
  return { walk: new Walk({ ...around, installation }, name, situation), situation, set: installation.set };
}

interface Around extends Omit<Stage, 'installation'> {
  readonly installation: (beside: Beside) => TestInstallation;
}

async function runTest(
  around: Around,
  test: FlowTest,
  fixture: Fixture,
  path: string,
): Promise<Pick<Walk, 'failures' | 'decisions'>> {
  const failures: string[] = [];
  try {
    await using walk = begun(around, test, fixture, path).walk;
    try {
      await walk.begin(test.line, test.expect);
      for (const { line, act, expect } of test.steps) await walk.step(line, act, expect);
    } finally {
      failures.push(...walk.failures);
    }
    return { failures, decisions: walk.decisions };
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    return { failures: [...failures, error.message], decisions: [] };
  }
}

/** Recorded claims by proof id. A file for a flow with one proof may hold the claims of a token as they are. */
function claimsOf(
  { evidence }: Fixture,
  { definition }: CompiledFlow,
  path: string,
): Readonly<Record<string, Readonly<Record<string, Json>>>> {
  const recorded = typeof evidence === 'string' ? readClaims(join(dirname(path), evidence)) : evidence;
  const proofs = definition.proof.proofs.map(({ id }) => id);
  const names = Object.keys(recorded);
  const [only, second] = proofs;
  if (!names.every((name) => proofs.includes(name))) {
    if (only !== undefined && second === undefined && typeof evidence === 'string')
      return { [only]: recorded };
    throw new WritError(
      'invalid',
      `\`evidence\` is by proof id, and \`${names.find((name) => !proofs.includes(name)) ?? ''}\` is none of ${proofs.join(', ')}`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, membersOf(`evidence.${name}`, recorded[name])]));
}

function readClaims(file: string): Readonly<Record<string, Json>> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return membersOf(file, asJson(parsed));
  } catch (cause) {
    throw new WritError('invalid', `\`${file}\` cannot be read as a JSON object of claims`, { cause });
  }
}

/** What a JSON text says, as JSON. */
function asJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map(asJson);
  return typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asJson(inner)]))
    : null;
}

function problem(file: string, line: number, message: string): Problem {
  return { file, line, column: 1, severity: 'error', message };
}
