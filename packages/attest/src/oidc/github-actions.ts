import { EvidenceError } from '../evidence-error.ts';
import type { StrictJson, StrictObject } from '../jws/strict-json.ts';

const BY_NAME = /^repo:(?<owner>[^/:@]+)\/(?<name>[^/:@]+)(?::|$)/;
const BY_ID = /^repo:(?<owner>[^/:@]+)@(?<ownerId>\d+)\/(?<name>[^/:@]+)@(?<id>\d+)(?::|$)/;
const ID = /^[1-9]\d{0,19}$/;

/**
 * What a GitHub Actions token says twice must agree: the repository in `sub`, in either shape
 * (`repo:owner/name:…`, and `repo:owner@id/name@id:…` since 2026-07-15), with the claims beside it. A `sub` from a
 * customised template that does not begin with the repository is refused: nothing in it can be told apart safely.
 *
 * @throws EvidenceError `claim`
 */
export function checkGithubActionsClaims(payload: StrictObject): void {
  const {
    sub,
    repository,
    repository_owner: owner,
    repository_id: id,
    repository_owner_id: ownerId,
  } = payload;
  if (typeof sub !== 'string') throw contradiction('sub', '`sub` is missing', sub);
  if (typeof id !== 'string' || !ID.test(id))
    throw contradiction('repository_id', '`repository_id` is not an id', id);
  if (typeof ownerId !== 'string' || !ID.test(ownerId)) {
    throw contradiction('repository_owner_id', '`repository_owner_id` is not an id', ownerId);
  }
  const subject = BY_ID.exec(sub)?.groups ?? BY_NAME.exec(sub)?.groups;
  if (subject === undefined) {
    throw contradiction(
      'sub',
      '`sub` does not begin with the repository: reset its template to the default',
      sub,
    );
  }
  if (repository !== `${subject['owner']}/${subject['name']}`) {
    throw contradiction('repository', '`repository` is not the one in `sub`', repository);
  }
  if (owner !== subject['owner']) {
    throw contradiction('repository_owner', '`repository_owner` is not the one in `sub`', owner);
  }
  if (subject['id'] !== undefined && (subject['id'] !== id || subject['ownerId'] !== ownerId)) {
    throw contradiction('sub', 'ids in `sub` are not those of the repository and its owner', sub);
  }
}

function contradiction(claim: string, message: string, value: StrictJson | undefined): EvidenceError {
  return new EvidenceError('claim', message, { claim, value });
}
