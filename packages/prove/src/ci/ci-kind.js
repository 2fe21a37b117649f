const BRANCHES = ['refs/heads/any-branch', 'refs/heads/any/branch', 'refs/tags/any-tag', 'refs/tags/any/tag'];
/** By the first segment of an anchor's name. */
export const CI_KINDS = new Map([
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
//# sourceMappingURL=ci-kind.js.map