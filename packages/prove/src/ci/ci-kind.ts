/** What the claims of a kind of CI evidence say about who started what, and which of them one can choose. */
export interface CiKind {
  /** names that can be given up and taken by somebody else, and the immutable ids that cannot */
  readonly named: readonly { readonly name: string; readonly ids: readonly string[] }[];
  /** claims of which one at least must be fixed, for it to be one repository or project */
  readonly subject: readonly string[];
  /** claims of which one at least must be bounded, for it to be more than any job of it */
  readonly job: readonly string[];
  readonly ref: string;
  /** values of the ref that anybody who can push, or open a change, can bring about */
  readonly anyRef: readonly string[];
}

const BRANCHES = ['refs/heads/any-branch', 'refs/heads/any/branch', 'refs/tags/any-tag', 'refs/tags/any/tag'];

/** By the first segment of an anchor's name. */
export const CI_KINDS: ReadonlyMap<string, CiKind> = new Map([
  [
    'github-actions',
    {
      named: [
        { name: 'repository', ids: ['repository_id'] },
        { name: 'repository_owner', ids: ['repository_owner_id', 'repository_id'] },
      ],
      subject: ['repository', 'repository_id'],
      job: ['environment', 'ref', 'workflow_ref'],
      ref: 'ref',
      anyRef: [...BRANCHES, 'refs/pull/1/merge'],
    },
  ],
  [
    'gitlab-ci',
    {
      named: [
        { name: 'project_path', ids: ['project_id'] },
        { name: 'namespace_path', ids: ['namespace_id', 'project_id'] },
      ],
      subject: ['project_path', 'project_id'],
      job: ['environment', 'ref', 'ref_path', 'ci_config_ref_uri'],
      ref: 'ref',
      anyRef: ['any-branch', 'any/branch', ...BRANCHES, 'refs/merge-requests/1/head'],
    },
  ],
]);
