import { EvidenceError } from '../evidence-error.ts';
import type { StrictObject } from '../jws/strict-json.ts';

/** A project path holds no colon, so that what follows one cannot pretend to be part of it. */
const SUBJECT = /^project_path:([^:]+)(?::|$)/;

/**
 * What a GitLab CI/CD token says twice must agree: the project in `sub` (`project_path:group/project:…`) with
 * `project_path`. A `sub` of other components that does not begin with the project is refused.
 *
 * @throws EvidenceError `claim`
 */
export function checkGitlabCiClaims(payload: StrictObject): void {
  const { sub, project_path: path } = payload;
  const project = typeof sub === 'string' ? SUBJECT.exec(sub)?.[1] : undefined;
  if (project === undefined) {
    throw new EvidenceError(
      'claim',
      '`sub` does not begin with the project: reset its components to the default',
      {
        claim: 'sub',
        value: sub,
      },
    );
  }
  if (path !== project) {
    throw new EvidenceError('claim', '`project_path` is not the one in `sub`', {
      claim: 'project_path',
      value: path,
    });
  }
}
