import type { Operation } from '../operation.ts';
import { CHALLENGE, challengeBody } from '../shapes/challenge.ts';
import { readToDecide, TO_DECIDE } from '../shapes/decision.ts';

export const challengeOperation: Operation = {
  id: 'challengeRun',
  method: 'POST',
  path: '/runs/:run/challenge',
  summary: 'Get what your passkey is to sign',
  description: 'Good for you, this run, this rule and this decision alone, once, for five minutes.',
  body: TO_DECIDE,
  answers: { 200: { description: 'the challenge, and what it is over', shape: CHALLENGE } },
  problems: ['unknown', 'refused', 'conflict'],
  appends: [],
  async handle({ runs, session, id, body }) {
    return { status: 200, body: challengeBody(await runs.challenge(session, readToDecide(id, body))) };
  },
};
