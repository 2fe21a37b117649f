import { name, person } from '../definition/names.ts';
import { member, type Node } from '../document/node.ts';
import { parseYaml } from '../document/parse-yaml.ts';
import { type Problem, sortProblems } from '../document/problem.ts';
import {
  choice,
  dictionary,
  formed,
  instant,
  list,
  nearest,
  object,
  optional,
  type Report,
  refine,
  required,
  type Shape,
  text,
} from '../document/shape.ts';
import { expectation } from './expectation.ts';
import { type CoverageDemand, type Fixture, type FlowTest, type FlowTestFile, HOLDERS } from './flow-test.ts';
import { given, json } from './given.ts';
import { stepAt } from './step.ts';

/** The `writ:` line of a flow test. */
export const FLOW_TEST = 'flow-test/v1';

const KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const members = dictionary(KEY, json);

const evidence: Shape<Fixture['evidence']> = (node, report) =>
  node.kind === 'map' ? dictionary(KEY, json)(node, report) : text(node, report);

const people: Shape<Fixture['people']> = (node, report) => {
  if (node.kind === 'map') for (const { key, keyAt } of node.entries) person(keyNode(key, keyAt), report);
  return dictionary(/^user:/, list(formed(/^group:[a-z0-9][a-z0-9._-]*$/, '`group:…`')))(node, report);
};

function keyNode(key: string, at: number): Node {
  return { kind: 'scalar', at, value: key, contentAt: null };
}

const fixture: Shape<Fixture> = refine(
  object({
    evidence: optional(evidence, {}),
    request: required(members),
    identity: required(members),
    facts: optional(members, {}),
    people: optional(people, {}),
    rights: optional(choice(['as-granted', 'wide']), 'as-granted' as const),
    holder: optional(choice(HOLDERS), null),
    now: required(instant),
  }),
  ({ rights, ...rest }) => ({ ...rest, wideRights: rights === 'wide' }),
);

const percent: Shape<number> = refine(formed(/^(?:100|[1-9]?\d)%$/, 'a percentage such as `100%`'), (value) =>
  Number.parseInt(value, 10),
);

const coverage: Shape<CoverageDemand> = refine(
  object({
    rules: optional(percent, null),
    branches: optional(percent, null),
    'mutants-killed': optional(percent, null),
    'allow-survivors': optional(list(text), []),
  }),
  (value) => ({
    rules: value.rules,
    branches: value.branches,
    mutantsKilled: value['mutants-killed'],
    allowSurvivors: value['allow-survivors'],
  }),
);

const NOTHING: CoverageDemand = { rules: null, branches: null, mutantsKilled: null, allowSurvivors: [] };

function testAt(lineOf: (at: number) => number): Shape<FlowTest> {
  return refine(
    object({
      name: required(text),
      given: required(given),
      expect: optional(expectation, null),
      steps: optional(list(stepAt(lineOf), 100), []),
    }),
    (value, node, report) => {
      if (value.expect === null && value.steps.every((step) => step.expect === null))
        report(node.at, 'this test expects nothing');
      return { ...value, line: lineOf(node.at) };
    },
  );
}

function propertyAt(lineOf: (at: number) => number): Shape<FlowTestFile['properties'][number]> {
  return (node, report) => {
    const [entry, more] = node.kind === 'map' ? node.entries : [];
    const kind = entry?.key === 'never' || entry?.key === 'reachable' ? entry.key : null;
    if (entry === undefined || more !== undefined || kind === null) {
      report(node.at, 'expected `never: <condition>` or `reachable: <condition>`');
      return undefined;
    }
    const condition = text(entry.value, report);
    return condition === undefined ? undefined : { kind, text: condition, line: lineOf(node.at) };
  };
}

function fileShape(lineOf: (at: number) => number): Shape<FlowTestFile> {
  return refine(
    object({
      writ: required(choice([FLOW_TEST])),
      flow: required(name),
      fixtures: required(dictionary(KEY, fixture)),
      tests: required(list(testAt(lineOf), 1_000)),
      properties: optional(list(propertyAt(lineOf), 200), []),
      coverage: optional(coverage, NOTHING),
    }),
    ({ writ: _kind, ...rest }) => rest,
  );
}

/** Tests have names of their own, and begin from fixtures that there are; whatever else is wrong with them. */
function checkNames(root: Node, report: Report): void {
  const fixtures = member(root, 'fixtures');
  const known = fixtures?.kind === 'map' ? fixtures.entries.map(({ key }) => key) : [];
  const tests = member(root, 'tests');
  const seen = new Set<string>();
  for (const each of tests?.kind === 'list' ? tests.items : []) {
    const begins = member(each, 'given');
    const from = begins?.kind === 'map' ? member(begins, 'from') : begins;
    if (from?.kind === 'scalar' && typeof from.value === 'string' && !known.includes(from.value))
      report(from.at, `there is no fixture \`${from.value}\`${nearest(from.value, known)}`);
    const called = member(each, 'name');
    if (called?.kind !== 'scalar' || typeof called.value !== 'string') continue;
    if (seen.has(called.value)) report(called.at, `two tests are called \`${called.value}\``);
    seen.add(called.value);
  }
}

export interface LoadedFlowTest {
  /** null where there is an error */
  readonly file: FlowTestFile | null;
  readonly problems: readonly Problem[];
}

/** One `*.test.yaml` file. All mistakes are found in one go. */
export function loadFlowTest(path: string, content: string): LoadedFlowTest {
  const yaml = parseYaml(path, content);
  if (yaml.root === null) return { file: null, problems: yaml.problems };
  const problems: Problem[] = [...yaml.problems];
  const lineOf = (at: number): number => yaml.place(at).line;
  const report: Report = (at, message) => {
    problems.push({ file: path, ...yaml.place(at), severity: 'error', message });
  };
  const file = fileShape(lineOf)(yaml.root, report);
  checkNames(yaml.root, report);
  return { file: problems.length > 0 ? null : (file ?? null), problems: sortProblems(problems) };
}
