import { WritError } from '@writ/core';
import type { GivenDecision, RunView } from '@writ/engine';
import { Problem } from '../../problem.ts';
import type { Call, Operation } from '../operation.ts';
import { readSigned, SIGNED_DECISION } from '../shapes/decision.ts';
import { RUN, runBody } from '../shapes/run.ts';

export const approveOperation: Operation = deciding(
  'approve',
  'approveRun',
  'Approve with a passkey',
  'approval',
);
export const confirmOperation: Operation = deciding(
  'confirm',
  'confirmRun',
  'Confirm with a passkey',
  'decision',
);

function deciding(
  decision: GivenDecision['decision'],
  id: string,
  summary: string,
  appends: string,
): Operation {
  return {
    id,
    method: 'POST',
    path: `/runs/:run/${decision}`,
    summary,
    description: 'What is signed is a challenge over exactly what will be issued.',
    body: SIGNED_DECISION,
    answers: { 200: { description: 'the run as it is now', shape: RUN } },
    problems: ['unknown', 'refused', 'conflict', 'not-signed'],
    appends: [appends],
    async handle(call) {
      const given = readSigned(call.id, decision, call.body);
      return { status: 200, body: runBody(await decided(call, given)) };
    },
  };
}

/** An assertion that does not hold is the caller's mistake here, and no sign that something of ours is broken. */
async function decided({ runs, session }: Call, given: GivenDecision): Promise<RunView> {
  try {
    return await runs.decide(session, given);
  } catch (error) {
    if (error instanceof WritError && error.code === 'verification-failed')
      throw new Problem('not-signed', { detail: error.message }, { cause: error });
    throw error;
  }
}
