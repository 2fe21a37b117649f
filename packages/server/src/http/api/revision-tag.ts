import { Problem } from '../problem.ts';
import type { Call } from './operation.ts';

/** The ETag of an identity is its revision. */
export function revisionTag(revision: number): string {
  return `"${revision}"`;
}

/** The revision that `If-Match` names (RFC 9110 §13.1.1): one strong tag, no list and no `*`. @throws Problem `invalid` */
export function revisionOf(call: Call): number | null {
  const tag = call.header('if-match');
  if (tag === null) return null;
  const revision = /^"([1-9][0-9]{0,8})"$/.exec(tag)?.[1];
  if (revision !== undefined) return Number(revision);
  throw new Problem('invalid', {
    detail: '`If-Match` is not the ETag of an identity',
    help: 'send the one that `GET /identities/NAME` answered, with its quotes',
  });
}
