import type { Operation } from '../operation.ts';
import { ASKED_IDENTITY, readAsked } from '../shapes/asked-identity.ts';
import { PREVIEW, previewBody } from '../shapes/preview.ts';

export const previewOperation: Operation = {
  id: 'previewRun',
  method: 'POST',
  path: '/runs/preview',
  summary: 'See what asking would lead to',
  description: 'Nothing is kept.',
  body: ASKED_IDENTITY,
  answers: { 200: { description: 'what would be decided now', shape: PREVIEW } },
  problems: ['conflict'],
  appends: [],
  async handle({ runs, session, body }) {
    return { status: 200, body: previewBody(await runs.preview(session, readAsked(body, null))) };
  },
};
