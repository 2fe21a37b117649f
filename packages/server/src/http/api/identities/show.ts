import { Problem } from '../../problem.ts';
import type { Operation } from '../operation.ts';
import { revisionTag } from '../revision-tag.ts';
import { IDENTITY, identityBody } from '../shapes/identity.ts';

export const showIdentityOperation: Operation = {
  id: 'getIdentity',
  method: 'GET',
  path: '/identities/:name',
  summary: 'Show an identity',
  answers: {
    200: { description: 'the identity', shape: IDENTITY, headers: { ETag: 'its revision, in quotes' } },
  },
  problems: ['unknown'],
  appends: [],
  async handle({ runs, session, id }) {
    const view = await runs.identity(session, id);
    if (view === null) throw new Problem('unknown');
    return { status: 200, body: identityBody(view), etag: revisionTag(view.revision) };
  },
};
