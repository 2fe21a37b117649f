import type { Operation } from '../operation.ts';
import { DENIAL, readDenial } from '../shapes/decision.ts';
import { RUN, runBody } from '../shapes/run.ts';

export const denyOperation: Operation = {
  id: 'denyRun',
  method: 'POST',
  path: '/runs/:run/deny',
  summary: 'Refuse a run; no passkey is asked for',
  body: DENIAL,
  answers: { 200: { description: 'the run as it is now', shape: RUN } },
  problems: ['unknown', 'refused', 'conflict'],
  appends: ['decision'],
  async handle({ runs, session, id, body }) {
    return { status: 200, body: runBody(await runs.deny(session, readDenial(id, body))) };
  },
};
