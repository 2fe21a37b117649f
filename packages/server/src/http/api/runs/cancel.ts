import type { Operation } from '../operation.ts';
import { RUN, runBody } from '../shapes/run.ts';

export const cancelOperation: Operation = {
  id: 'cancelRun',
  method: 'POST',
  path: '/runs/:run/cancel',
  summary: 'Take a run back that you asked for',
  answers: { 200: { description: 'the run as it is now', shape: RUN } },
  problems: ['unknown', 'conflict'],
  appends: ['decision'],
  async handle({ runs, session, id }) {
    return { status: 200, body: runBody(await runs.cancel(session, id)) };
  },
};
