import { CI_KINDS } from '../ci/ci-kind.ts';
import { absentOrAny, anyOf, unfixed } from '../ci/claims.ts';
import { and, atom, type Formula, not, oneOf } from '../formula/formula.ts';
import type { Model } from '../model/model.ts';

/** One way to come by evidence that one would rather know of. */
export interface Question {
  readonly id: string;
  readonly asks: string;
  /** claims that it speaks of; where the anchor declares none of that name, it is not asked */
  readonly claims: readonly string[];
  readonly statement: (of: Claims) => Formula;
}

/** What is known of the evidence a question is about. */
export interface Claims {
  readonly model: Model;
  /** the attribute of a claim */
  readonly named: (claim: string) => string;
}

type Values = Readonly<Record<string, string | null>>;

/** Evidence with these claims; null where one is absent. */
function having(id: string, asks: string, values: Values): Question {
  return {
    id,
    asks,
    claims: Object.keys(values),
    statement: ({ named }) =>
      and(
        ...Object.entries(values).map(([claim, value]) =>
          value === null ? not(atom({ test: 'present', of: named(claim) })) : oneOf(named(claim), [value]),
        ),
      ),
  };
}

/** Evidence whose claims are other than the flow names, where those of `but` are among what it names. */
function otherThan(
  id: string,
  asks: string,
  claims: readonly string[],
  but: readonly string[] = [],
): Question {
  return {
    id,
    asks,
    claims: [...claims, ...but],
    statement: ({ model, named }) =>
      and(
        ...claims.map((claim) => unfixed(model, named(claim))),
        ...but.map((claim) => not(unfixed(model, named(claim)))),
      ),
  };
}

/** Evidence in which whoever asks chose what the patterns of the flow leave open of a claim. */
function chosen(id: string, asks: string, claim: string, texts: readonly string[]): Question {
  return {
    id,
    asks,
    claims: [claim],
    statement: ({ model, named }) => absentOrAny(named(claim), anyOf(model, named(claim), texts)),
  };
}

const REFS = CI_KINDS.get('github-actions')?.anyRef ?? [];
const ANY_WORKFLOW = 'any-owner/any-repository/.github/workflows/any.yml@refs/heads/any-branch';

const GITHUB: readonly Question[] = [
  otherThan('any-repository', 'any repository, of any owner', [
    'repository',
    'repository_id',
    'repository_owner',
    'repository_owner_id',
  ]),
  otherThan('other-repository', 'another repository of the same owner', ['repository', 'repository_id']),
  otherThan(
    'name-taken',
    'whoever takes the name, once the repository is renamed or deleted',
    ['repository_id'],
    ['repository'],
  ),
  otherThan('renamed', 'the same repository under a new name', ['repository'], ['repository_id']),
  {
    ...having('any-branch', 'a push to any branch', { event_name: 'push', ref: '' }),
    statement: ({ named }) =>
      and(
        oneOf(named('event_name'), ['push']),
        oneOf(
          named('ref'),
          REFS.filter((ref) => ref.startsWith('refs/heads/')),
        ),
      ),
  },
  having('unprotected', 'a branch that is not protected', { ref_protected: 'false' }),
  {
    ...having('any-tag', 'any tag', { ref: '' }),
    statement: ({ named }) =>
      oneOf(
        named('ref'),
        REFS.filter((ref) => ref.startsWith('refs/tags/')),
      ),
  },
  having('pull-request', 'a pull request, from a fork too where forks get tokens', {
    event_name: 'pull_request',
    ref: 'refs/pull/1/merge',
  }),
  having(
    'pull-request-target',
    "our code on anybody's pull request, from a fork too (`pull_request_target`)",
    {
      event_name: 'pull_request_target',
    },
  ),
  having('workflow-run', 'a run that another run set off, of a fork too (`workflow_run`)', {
    event_name: 'workflow_run',
  }),
  having('by-hand', 'a run that somebody starts by hand', { event_name: 'workflow_dispatch' }),
  having('any-environment', 'any environment', { environment: 'any-environment' }),
  having('no-environment', 'a job without an environment', { environment: null }),
  chosen('any-workflow', 'any workflow of the repository', 'workflow_ref', [ANY_WORKFLOW, ...REFS]),
  having('reusable-workflow', "anybody's reusable workflow", { job_workflow_ref: ANY_WORKFLOW }),
  {
    id: 'moving-workflow',
    asks: 'a reusable workflow named by a branch or tag, which can move',
    claims: ['job_workflow_ref'],
    statement: ({ named }) =>
      atom({ test: 'like', of: named('job_workflow_ref'), pattern: [null, '@refs/', null] }),
  },
  having('self-hosted', 'a self-hosted runner', { runner_environment: 'self-hosted' }),
  having('hosted', "one of GitHub's runners", { runner_environment: 'github-hosted' }),
  having('public', 'a public repository', { repository_visibility: 'public' }),
  having('anybody', 'a run that anybody started', { actor_id: 'anybody' }),
];

const GITLAB: readonly Question[] = [
  otherThan('any-project', 'any project, of any namespace', [
    'project_path',
    'project_id',
    'namespace_path',
    'namespace_id',
  ]),
  otherThan('other-project', 'another project of the same namespace', ['project_path', 'project_id']),
  otherThan(
    'name-taken',
    'whoever takes the path, once the project is moved or deleted',
    ['project_id'],
    ['project_path'],
  ),
  otherThan('renamed', 'the same project under a new path', ['project_path'], ['project_id']),
  having('any-branch', 'any branch', { ref: 'any-branch', ref_type: 'branch' }),
  having('unprotected', 'a branch or tag that is not protected', { ref_protected: 'false' }),
  having('any-tag', 'any tag', { ref: 'any-tag', ref_type: 'tag' }),
  having('merge-request', 'a merge request, from a fork too where its pipeline runs in the project', {
    pipeline_source: 'merge_request_event',
  }),
  having('trigger', 'a pipeline that a trigger token starts', { pipeline_source: 'trigger' }),
  having('by-hand', 'a pipeline that somebody starts by hand', { pipeline_source: 'web' }),
  having('any-environment', 'any environment', { environment: 'any-environment' }),
  having('no-environment', 'a job without an environment', { environment: null }),
  having('open-environment', 'an environment that is not protected', { environment_protected: 'false' }),
  chosen('any-config', 'any pipeline definition', 'ci_config_ref_uri', [
    'gitlab.example/any/project//.gitlab-ci.yml@refs/heads/any-branch',
    ...REFS,
  ]),
  having('self-hosted', 'a self-hosted runner', { runner_environment: 'self-hosted' }),
  having('hosted', "one of GitLab's runners", { runner_environment: 'gitlab-hosted' }),
  having('public', 'a public project', { project_visibility: 'public' }),
  having('anybody', 'a pipeline that anybody started', { user_id: 'anybody' }),
];

const BY_KIND: ReadonlyMap<string, readonly Question[]> = new Map([
  ['github-actions', GITHUB],
  ['gitlab-ci', GITLAB],
]);

/** What is asked of evidence of a kind; of kinds not known here, whether each claim can be any. */
export function questionsFor(kind: string, claims: readonly string[]): readonly Question[] {
  const known = BY_KIND.get(kind);
  if (known === undefined)
    return claims.map((claim) => otherThan(`any-${claim}`, `any \`${claim}\``, [claim]));
  return known.filter((question) => question.claims.every((claim) => claims.includes(claim)));
}
