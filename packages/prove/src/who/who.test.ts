import { type ArtefactSet, type CompiledFlow, formatProblem, loadForPlan } from '@writ/flow';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../fixture.test.ts';
import { AROUND } from '../lint/around.test.ts';
import { exampleFiles } from '../lint/example-flow.ts';
import { type Reach, whoCan } from './who.ts';

export function exampleFlow(...parts: readonly string[]): { set: ArtefactSet; flow: CompiledFlow } {
  const { set, problems } = loadForPlan([...AROUND, ...exampleFiles(parts)], sha256);
  const flow = set?.flows.get('report-reader');
  if (set === null || flow === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  return { set, flow };
}

export function github(match: string): string {
  return `proof:
  min-assurance: 2
  any:
    - { id: github, anchor: github-actions/acme, max-age: 5m, match: { ${match} } }`;
}

export function gitlab(match: string): string {
  return `proof:
  min-assurance: 2
  any:
    - { id: gitlab, anchor: gitlab-ci/acme, max-age: 5m, match: { ${match} } }
${ALL}`;
}

/** Whatever the proof lets through is permitted. */
const ALL = "policy: { permit: [{ id: all, when: 'true' }], forbid: [] }";

function reached(...parts: readonly string[]): Readonly<Record<string, Reach>> {
  const { set, flow } = exampleFlow(...parts);
  return Object.fromEntries(whoCan(set, flow).map(({ question, reach }) => [question, reach]));
}

/** How far one question gets. */
export function whoCanPass(parts: string, question: string): Reach | undefined {
  return reached(parts)[question];
}

const PINNED = 'repository_id: "1", repository: acme/reports, ref: refs/heads/main, environment: production';

describe('who can satisfy a proof of GitHub Actions', () => {
  test('S4.7 one repository, branch and environment: nobody else', () => {
    const answers = reached(github(`${PINNED}, runner_environment: self-hosted`), ALL);
    const no = ['any-repository', 'other-repository', 'name-taken', 'renamed', 'any-branch', 'any-tag'];
    for (const each of [...no, 'pull-request', 'any-environment', 'no-environment', 'hosted'])
      expect([each, answers[each]]).toEqual([each, 'no']);
    expect(answers['self-hosted']).toBe('issued');
  });

  test.each<[string, string, string]>([
    ['any-repository', 'environment: production', 'the repository'],
    [
      'other-repository',
      'repository_owner_id: "7", environment: production',
      'the repository within an owner',
    ],
    ['name-taken', 'repository: acme/reports, environment: production', 'the id behind a name'],
    ['renamed', 'repository_id: "1", environment: production', 'the name of an id'],
    ['any-branch', 'repository_id: "1", ref: { like: "refs/heads/*" }', 'the branch'],
    ['any-branch', 'repository_id: "1", environment: production', 'every ref'],
    ['any-tag', 'repository_id: "1", ref: { like: "refs/tags/*" }', 'the tag'],
    ['pull-request', 'repository_id: "1", ref: { like: "refs/pull/*/merge" }', 'the pull request'],
    ['pull-request-target', 'repository_id: "1", ref: refs/heads/main', 'the event'],
    ['any-environment', 'repository_id: "1", ref: refs/heads/main', 'the environment'],
    ['no-environment', 'repository_id: "1", ref: refs/heads/main', 'whether there is an environment'],
    [
      'any-workflow',
      'repository_id: "1", workflow_ref: { like: "a/b/.github/workflows/*@refs/heads/*" }',
      'the workflow',
    ],
    ['reusable-workflow', 'repository_id: "1", ref: refs/heads/main', 'whose workflow it calls'],
    [
      'moving-workflow',
      'repository_id: "1", ref: refs/heads/main, job_workflow_ref: "a/b/.github/workflows/c.yml@refs/heads/main"',
      'what the branch of a workflow says tomorrow',
    ],
    ['hosted', 'repository_id: "1", ref: refs/heads/main', 'the runner'],
    ['unprotected', 'repository_id: "1", ref: refs/heads/main', 'protection'],
  ])('%s, by a proof that leaves open %3$s', (question, match) => {
    expect(reached(github(match), ALL)[question]).toBe('issued');
  });

  test.each<[string, string]>([
    ['any-branch', 'repository_id: "1", ref: { like: "refs/heads/release-*" }'],
    ['any-tag', 'repository_id: "1", ref: { like: "refs/heads/*" }'],
    ['pull-request', 'repository_id: "1", ref: { like: "refs/heads/*" }'],
    ['moving-workflow', 'repository_id: "1", job_workflow_ref: "a/b/.github/workflows/c.yml@0123456789"'],
    [
      'reusable-workflow',
      'repository_id: "1", job_workflow_ref: { like: "a/b/.github/workflows/*@refs/heads/main" }',
    ],
    ['any-workflow', 'repository_id: "1", workflow_ref: { like: "a/b/.github/workflows/*@refs/heads/main" }'],
    ['unprotected', 'repository_id: "1", ref_protected: "true"'],
    ['any-environment', 'repository_id: "1", environment: { like: "prod-*" }'],
    ['other-repository', 'repository_id: { one-of: ["1", "2"] }'],
  ])('not %s, by %s', (question, match) => {
    expect(reached(github(match), ALL)[question]).toBe('no');
  });

  test('what the policy refuses later, and what people must approve, is told apart', () => {
    const answers = reached(
      github('repository_id: "1", environment: production'),
      `policy:
  permit: [{ id: all, when: 'true' }]
  forbid:
    - { id: forks, because: a test, when: 'evidence.github.event_name == "pull_request_target"' }
approval:
  - id: hosted
    when: 'evidence.github.runner_environment != "self-hosted"'
    require: { from: group:security-reviewers }
    expires: 1h
    reuse: none`,
    );
    expect([answers['pull-request-target'], answers['hosted'], answers['self-hosted']]).toEqual([
      'refused',
      'asked',
      'issued',
    ]);
  });

  test('claims that show it are those of the question', () => {
    const { set, flow } = exampleFlow(github('repository_id: "1", environment: production'), ALL);
    const answers = whoCan(set, flow);
    expect(answers.find(({ question }) => question === 'pull-request')?.claims).toMatchObject({
      event_name: 'pull_request',
      ref: 'refs/pull/1/merge',
      repository_id: '1',
      environment: 'production',
    });
    expect(answers.find(({ question }) => question === 'any-repository')?.claims).toBeNull();
  });
});

describe('who can satisfy other proofs', () => {
  test('S1.7 a project of GitLab, and what is left open of it', () => {
    const answers = reached(gitlab('project_id: "20", ref_protected: "true"'));
    const open = ['any-branch', 'any-tag', 'merge-request', 'trigger', 'any-environment', 'renamed'];
    for (const each of open) expect([each, answers[each]]).toEqual([each, 'issued']);
    for (const each of ['any-project', 'other-project', 'name-taken', 'unprotected'])
      expect([each, answers[each]]).toEqual([each, 'no']);
  });

  test('of a kind that is not known here, whether each claim can be any', () => {
    const answers = reached(
      `proof:
  min-assurance: 2
  all: [{ id: device, anchor: registry/devices, max-age: 5m, match: { serial: { like: "SN-*" } } }]
${ALL}`,
    );
    expect(answers).toEqual({ 'any-serial': 'issued', 'any-state': 'issued' });
  });

  test('a budget of nothing knows nothing', () => {
    const { set, flow } = exampleFlow();
    const answers = whoCan(set, flow, flow.definition.proof.proofs, 0);
    expect(answers.some(({ reach }) => reach === 'unknown')).toBe(true);
    expect(answers.some(({ reach }) => reach === 'issued')).toBe(false);
  });
});
