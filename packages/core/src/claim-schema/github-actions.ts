import type { ClaimSchema } from '../anchor.ts';
import { identifying, optional, required } from './claim.ts';

/**
 * Claims of a GitHub Actions identity token, as GitHub documents them. All are strings, `ref_protected` too. Decisions
 * rest on `repository_id` and `repository_owner_id`: names can be given up and taken by somebody else.
 */
export const GITHUB_ACTIONS_CLAIMS: ClaimSchema = {
  sub: required(),
  repository: required(),
  repository_id: identifying(),
  repository_owner: required(),
  repository_owner_id: required(),
  ref: required(),
  ref_type: optional(['branch', 'tag']),
  ref_protected: optional(['true', 'false']),
  event_name: required(),
  runner_environment: required(['self-hosted', 'github-hosted']),
  environment: optional(),
  environment_node_id: optional(),
  actor: optional(),
  actor_id: optional(),
  base_ref: optional(),
  head_ref: optional(),
  job_workflow_ref: optional(),
  job_workflow_sha: optional(),
  repository_visibility: optional(['public', 'private', 'internal']),
  run_attempt: optional(),
  run_id: optional(),
  run_number: optional(),
  sha: optional(),
  workflow: optional(),
  workflow_ref: optional(),
  workflow_sha: optional(),
};
