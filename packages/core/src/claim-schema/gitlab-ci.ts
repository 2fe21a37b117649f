import type { ClaimSchema } from '../anchor.ts';
import { identifying, optional, required } from './claim.ts';

/** Claims of a GitLab CI/CD ID token, as GitLab documents them. Protection flags are the strings `true` and `false`. */
export const GITLAB_CI_CLAIMS: ClaimSchema = {
  sub: required(),
  project_id: identifying(),
  project_path: required(),
  namespace_id: required(),
  namespace_path: required(),
  ref: required(),
  ref_type: required(['branch', 'tag']),
  ref_path: optional(),
  ref_protected: required(['true', 'false']),
  pipeline_source: required(),
  runner_environment: optional(['self-hosted', 'gitlab-hosted']),
  runner_id: { type: { type: 'long' }, required: false, identifies: false },
  environment: optional(),
  environment_protected: optional(['true', 'false']),
  deployment_tier: optional(),
  user_id: optional(),
  user_login: optional(),
  user_email: optional(),
  pipeline_id: optional(),
  job_id: optional(),
  sha: optional(),
  project_visibility: optional(['public', 'private', 'internal']),
  ci_config_ref_uri: optional(),
  ci_config_sha: optional(),
};
