import { hash } from 'node:crypto';
import { Problem } from '../../problem.ts';
import type { Operation } from '../operation.ts';
import { RUN, runBody } from '../shapes/run.ts';

export const showRunOperation: Operation = {
  id: 'getRun',
  method: 'GET',
  path: '/runs/:run',
  summary: 'Show a run, with everything an approver is given',
  headers: { 'If-None-Match': 'an ETag; 304 where the run is still as it was' },
  answers: {
    200: { description: 'the run', shape: RUN, headers: { ETag: 'of its state' } },
    304: { description: 'it is as it was', shape: null },
  },
  problems: ['unknown'],
  appends: [],
  async handle({ runs, session, id }) {
    const view = await runs.find(session, id);
    if (view === null) throw new Problem('unknown');
    const body = runBody(view);
    return { status: 200, body, etag: `"${hash('sha256', JSON.stringify(body), 'base64url')}"` };
  },
};
