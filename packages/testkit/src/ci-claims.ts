/** Payload of a GitHub Actions identity token as GitHub documents it: a protected branch, an environment, `sub` by name. */
export const GITHUB_CLAIMS: Readonly<Record<string, string>> = {
  sub: 'repo:acme/payments:environment:production',
  aud: 'https://writ.acme.example',
  ref: 'refs/heads/release-2026.11',
  sha: '7c5b2f0f2b5a9d1f1c0f4b6f9e2d3a4b5c6d7e8f',
  repository: 'acme/payments',
  repository_owner: 'acme',
  actor_id: '12',
  repository_visibility: 'private',
  repository_id: '551237781',
  repository_owner_id: '65',
  run_id: '9876543210',
  run_number: '10',
  run_attempt: '2',
  runner_environment: 'self-hosted',
  actor: 'octocat',
  workflow: 'deploy',
  head_ref: '',
  base_ref: '',
  event_name: 'push',
  ref_type: 'branch',
  ref_protected: 'true',
  environment: 'production',
  environment_node_id: 'EN_kwDOABC',
  job_workflow_ref: 'acme/automation/.github/workflows/oidc.yml@refs/heads/main',
  job_workflow_sha: '0d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d1e',
  workflow_ref: 'acme/payments/.github/workflows/deploy.yml@refs/heads/release-2026.11',
  workflow_sha: '7c5b2f0f2b5a9d1f1c0f4b6f9e2d3a4b5c6d7e8f',
};

/** The same run in a repository created or renamed since 2026-07-15: `sub` by immutable id. */
export const GITHUB_CLAIMS_BY_ID: Readonly<Record<string, string>> = {
  ...GITHUB_CLAIMS,
  sub: 'repo:acme@65/payments@551237781:environment:production',
};

/** A pull request from a fork: no protected ref, no environment. */
export const GITHUB_CLAIMS_OF_FORK: Readonly<Record<string, string>> = {
  sub: 'repo:acme/payments:pull_request',
  aud: 'https://writ.acme.example',
  ref: 'refs/pull/3/merge',
  repository: 'acme/payments',
  repository_owner: 'acme',
  repository_id: '551237781',
  repository_owner_id: '65',
  runner_environment: 'github-hosted',
  event_name: 'pull_request',
  head_ref: 'patch-1',
  base_ref: 'main',
  ref_type: 'branch',
};

/** The same names under other ids: the owner was given up and taken by somebody else. */
export const GITHUB_CLAIMS_OF_RECYCLED_OWNER: Readonly<Record<string, string>> = {
  ...GITHUB_CLAIMS,
  repository_id: '999999999',
  repository_owner_id: '777',
};

/** Payload of a GitLab CI/CD ID token as GitLab documents it: a protected branch, an environment. */
export const GITLAB_CLAIMS: Readonly<Record<string, string | number>> = {
  aud: 'https://writ.acme.example',
  sub: 'project_path:acme/payments:ref_type:branch:ref:main',
  namespace_id: '72',
  namespace_path: 'acme',
  project_id: '20',
  project_path: 'acme/payments',
  user_id: '1',
  user_login: 'sample',
  user_email: 'sample@example.com',
  pipeline_id: '574',
  pipeline_source: 'push',
  job_id: '302',
  ref: 'main',
  ref_type: 'branch',
  ref_path: 'refs/heads/main',
  ref_protected: 'true',
  environment: 'production',
  environment_protected: 'true',
  deployment_tier: 'production',
  runner_id: 1,
  runner_environment: 'self-hosted',
  sha: '714a629c0b401fdce83e847fc9589983fc6f46bc',
  project_visibility: 'private',
  ci_config_ref_uri: 'gitlab.example.com/acme/payments//.gitlab-ci.yml@refs/heads/main',
};
