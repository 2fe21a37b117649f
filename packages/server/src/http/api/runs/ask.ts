import { type Session, WritError } from '@writ/core';
import type { AskedIdentity, RunAnswer, Runs } from '@writ/engine';
import { Problem } from '../../problem.ts';
import { keyOf } from '../idempotency-key.ts';
import type { Call, Operation, Reply } from '../operation.ts';
import { revisionOf } from '../revision-tag.ts';
import { ASKED_IDENTITY, readAsked } from '../shapes/asked-identity.ts';
import { RUN, runBody } from '../shapes/run.ts';

const headers = {
  Location: 'where the run is',
  'Idempotency-Replayed': '`true` where this key began the run before',
};

export const askOperation: Operation = {
  id: 'requestIdentity',
  method: 'POST',
  path: '/runs',
  summary: 'Ask for an identity, or for a change to one',
  description:
    'The answer is a run, never a credential. A change says which revision it is for, by `replaces` or by `If-Match` ' +
    'with the ETag of the identity.',
  body: ASKED_IDENTITY,
  headers: {
    'Idempotency-Key':
      '1 to 255 printable characters. A repeat with the same key and body answers the run of the first time',
    'If-Match': 'the ETag of the identity that is to be changed',
  },
  answers: {
    201: { description: 'it was issued', shape: RUN, headers },
    202: { description: 'it waits for what its obligations name', shape: RUN, headers },
  },
  problems: ['refused', 'conflict', 'contention', 'stale', 'key-reused'],
  appends: ['identity'],
  async handle(call: Call): Promise<Reply> {
    const asked = withRevision(readAsked(call.body, keyOf(call)), revisionOf(call));
    const answer = await answerOf(call.runs, call.session, asked);
    if (answer.outcome === 'refused')
      throw new Problem('refused', { reasons: answer.reasons, reference: answer.reference });
    const { outcome, run, repeated } = answer;
    const location = { Location: `${call.base}/runs/${run.run}` };
    return {
      status: outcome === 'issued' ? 201 : 202,
      body: runBody(run),
      headers: repeated ? { ...location, 'Idempotency-Replayed': 'true' } : location,
    };
  },
};

/** `If-Match` and `replaces` say the same thing: where both do, they must agree. */
function withRevision(asked: AskedIdentity, revision: number | null): AskedIdentity {
  if (revision === null) return asked;
  if (asked.replaces === null || asked.replaces === revision) return { ...asked, replaces: revision };
  throw new Problem('invalid', { detail: '`replaces` and `If-Match` name different revisions' });
}

/** How often a repeat that was beaten by the first of its key asks again: then there is a run to find. */
const TRIES = 5;

async function answerOf(runs: Runs, session: Session, asked: AskedIdentity): Promise<RunAnswer> {
  const { idempotencyKey, replaces } = asked;
  for (let tries = 1; ; tries++) {
    try {
      return await runs.ask(session, asked);
    } catch (error) {
      if (!(error instanceof WritError)) throw error;
      const { code, message: detail } = error;
      if (code === 'contention' && idempotencyKey !== null && tries < TRIES) continue;
      // What the shape does not refuse is invalid in one way alone.
      if (code === 'invalid' && idempotencyKey !== null)
        throw new Problem('key-reused', { detail }, { cause: error });
      if (code === 'conflict' && replaces !== null) throw new Problem('stale', { detail }, { cause: error });
      throw error;
    }
  }
}
