import { formatProblem, loadForPlan } from '@writ/flow';
import { expect, test } from 'vitest';
import { sha256 } from '../fixture.test.ts';
import { AROUND, lintParts } from './around.test.ts';
import { exampleFiles } from './example-flow.ts';
import { lint } from './lint.ts';

function load(...parts: readonly string[]) {
  const files = [...AROUND, ...exampleFiles(parts)];
  const { set, problems } = loadForPlan(files, sha256);
  if (set === null) throw new Error(problems.map(formatProblem).join('\n'));
  return { set, files, problems };
}

const TIER = 'tier: 1\nbind: { pop: [mtls] }';

test('S3.14 findings say which rule of which flow, where it stands, what is wrong and what would help', () => {
  const found = lintParts(TIER);
  expect(found.map(({ id, flow, rule, place }) => [id, flow, rule, place?.line])).toEqual([
    ['W001', 'report-reader', 'approval', 26],
    ['W036', 'report-reader', 'bind.pop', 28],
  ]);
  for (const { message, help } of found) expect([message, help]).not.toContain('');
});

test('without the files everything is found but where it stands', () => {
  const found = lint(load(TIER).set);
  expect(found.map(({ id, place }) => [id, place])).toEqual([
    ['W001', null],
    ['W036', null],
  ]);
});

test('a place is that of as much of a path as is written', () => {
  const [unsaid] = lintParts('policy: { permit: [], forbid: [] }');
  expect([unsaid?.rule, unsaid?.place?.line]).toEqual(['policy.permit', 22]);
});

test('what a directory lacks is not judged', () => {
  const { set, files, problems } = load('bind: { pop: [mtls] }\nowner: group:nobody-at-all');
  const judged = lint(set, { files, problems }).map(({ id }) => id);
  const lacking = lint(set, { files, problems, lacks: new Set(['audiences', 'groups']) });
  expect([judged, lacking]).toEqual([['W015', 'W036'], []]);
});

test('what cannot be decided counts as found, and says so', () => {
  const { set, files } = load(TIER);
  const found = lint(set, { files, budget: 0 });
  const undecided = found.filter(({ message }) => message.startsWith('could not be decided, and may be so'));
  expect(undecided.map(({ id, severity }) => [id, severity])).toContainEqual(['W001', 'error']);
  expect(found.map(({ id }) => id)).toContain('W036');
});

test('what the prover has no classes for is not passed over', () => {
  const condition = 'facts.place == facts.other';
  const found = lintParts(
    `tier: 1
facts:
  place: { source: workspaces, type: { kind: string, region: string }, max-age: 5m }
  other: { source: risk/agents, type: { kind: string, region: string }, max-age: 5m }
policy: { permit: [{ id: all, when: '${condition}' }], forbid: [] }`,
  );
  expect(found.find(({ id }) => id === 'W001')?.message).toMatch(
    /^could not be decided.* compared as a whole$/,
  );
});

test('flows are taken by themselves, and told in their order', () => {
  const second = `writ: flow/v1\nflow: another\ngenerate: { token: { format: jwt, alg: ES256, key: k, subject: identity.uri } }\n${TIER}`;
  const found = lintParts(TIER, second);
  expect(found.map(({ flow, id }) => `${flow} ${id}`)).toEqual([
    'report-reader W001',
    'report-reader W036',
    'another W001',
    'another W036',
  ]);
});
