import { ACME_FILES, sha256 } from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import { loadSet } from '../artefact/load-set.ts';
import { formatProblem } from '../document/problem.ts';
import { formatFlow } from '../format/format-flow.ts';
import { loadFlowTest } from './load-flow-test.ts';

const GOOD = `writ: flow-test/v1
flow: ci-deploy-token
fixtures:
  release:
    evidence: { github: { ref: refs/heads/release-1 } }
    request: { audience: "https://deploy.acme.example", scopes: ["deploy:read"], target: production }
    identity: { id: svc-payments }
    now: 2026-07-01T10:00:00Z
tests:
  - name: it is issued
    given: release
    expect: { outcome: issued, ttl: 10m }
  - name: it waits
    given: { from: release, with: { facts.change_window: closed }, without: [evidence.github.ref] }
    steps:
      - advance: 1h
      - approve: { rule: out-of-hours, by: user:rui, as: group:release-managers, pause-before: generate }
      - event: freeze identity:svc-payments
        expect: { outcome: refused, because: { gate.freeze: frozen } }
properties:
  - never: 'outcome.issued && request.target == "canary"'
coverage: { rules: 100%, mutants-killed: 90% }
`;

const problemsOf = (text: string): readonly string[] =>
  loadFlowTest('x.test.yaml', text).problems.map(formatProblem);

describe('a flow test file', () => {
  test('is read with its units and defaults', () => {
    const { file, problems } = loadFlowTest('x.test.yaml', GOOD);
    expect(problems).toEqual([]);
    expect(file?.tests[0]).toMatchObject({
      given: { from: 'release', with: {}, without: [] },
      expect: { outcome: 'issued', ttl: 600, stage: null },
      line: 10,
    });
    expect(file?.tests[1]?.steps.map(({ act }) => act)).toEqual([
      { kind: 'advance', seconds: 3600 },
      {
        kind: 'approve',
        rule: 'out-of-hours',
        by: 'user:rui',
        as: 'group:release-managers',
        factor: 'webauthn',
        pauseBefore: 'generate',
      },
      { kind: 'freeze', scope: 'identity:svc-payments' },
    ]);
    expect(file?.coverage).toEqual({ rules: 100, branches: null, mutantsKilled: 90, allowSurvivors: [] });
  });

  test('says the same in its canonical form', () => {
    const formatted = formatFlow(GOOD);
    const plain = (text: string): unknown => {
      const { file, problems } = loadFlowTest('x.test.yaml', text);
      expect(problems).toEqual([]);
      return JSON.parse(JSON.stringify(file, (key, value: unknown) => (key === 'line' ? 0 : value)));
    };
    expect(plain(formatted)).toEqual(plain(GOOD));
    expect(formatFlow(formatted)).toBe(formatted);
  });

  test('tells all its mistakes at once, each where it stands', () => {
    const wrong = GOOD.replace('outcome: issued, ttl', 'outcome: granted, tll')
      .replace('given: release\n', 'given: relaese\n')
      .replace('facts.change_window: closed', 'fact.change_window: closed')
      .replace('advance: 1h', 'advence: 1h')
      .replace('freeze identity:svc-payments', 'freeze somebody')
      .replace('rules: 100%', 'rules: 110%')
      .replace("never: '", "nevr: '");
    const told = problemsOf(wrong);
    expect(told.map((each) => each.split(/[;,]/)[0])).toEqual([
      'x.test.yaml:11:12: there is no fixture `relaese`',
      'x.test.yaml:12:24: expected one of issued',
      'x.test.yaml:12:33: unknown key `tll`',
      'x.test.yaml:14:37: `fact.change_window` is no path',
      'x.test.yaml:16:9: unknown step `advence`',
      'x.test.yaml:18:16: `somebody` is nothing that can be frozen',
      'x.test.yaml:21:5: expected `never: <condition>` or `reachable: <condition>`',
      'x.test.yaml:22:20: expected a percentage such as `100%`',
    ]);
  });

  test.each([
    ['given: release\n', 'given: other\n', 'there is no fixture `other`'],
    ['name: it waits', 'name: it is issued', 'two tests are called `it is issued`'],
    ['    expect: { outcome: issued, ttl: 10m }\n', '', 'this test expects nothing'],
    [
      '      - advance: 1h\n',
      '      - advance: 1h\n        deny: { rule: a, by: user:b }\n',
      'one thing happens',
    ],
    ['by: user:rui', 'by: rui', 'expected `user:…`'],
    ['writ: flow-test/v1', 'writ: flow-test/v2', 'expected one of flow-test/v1'],
  ])('%j made %j is a mistake', (from, to, message) => {
    expect(GOOD).toContain(from);
    expect(problemsOf(GOOD.replace(from, to)).join('\n')).toContain(message);
  });
});

describe('a flow test beside artefacts', () => {
  const plain = loadSet(ACME_FILES, sha256);

  test('is no artefact: the set is the same with it', () => {
    const { set, problems } = loadSet([...ACME_FILES, { path: 'x.test.yaml', text: GOOD }], sha256);
    expect(problems).toEqual(plain.problems);
    expect(set?.hash).toBe(plain.set?.hash);
  });

  test('is read all the same: a mistake in it is a mistake of the directory', () => {
    const text = GOOD.replace('outcome: issued', 'outcome: granted');
    const { set, problems } = loadSet([...ACME_FILES, { path: 'x.test.yaml', text }], sha256);
    expect(set).toBeNull();
    expect(problems.map(formatProblem).join('\n')).toContain('x.test.yaml:12:24');
  });
});
