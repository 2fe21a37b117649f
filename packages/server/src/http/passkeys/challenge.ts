import type { Operation } from '../api/operation.ts';
import { challengeBody, PASSKEY_CHALLENGE, PASSKEY_CHANGE, readChange } from './shapes.ts';

export const challengePasskeyOperation: Operation = {
  id: 'challengePasskey',
  method: 'POST',
  path: '/passkeys/challenge',
  summary: 'Get what a passkey is to be made over, or to sign',
  description:
    'Good for your session and this change alone, once, for five minutes. A passkey that you have signs SHA-256 of ' +
    '`writ/authenticator/1`, a line feed, and the canonical JSON of `{event, id, nonce, person}`, where `id` is that of ' +
    'the passkey that was just made; for an invitation there is no `id`.',
  body: PASSKEY_CHANGE,
  answers: { 200: { description: 'what to hand to the browser', shape: PASSKEY_CHALLENGE } },
  problems: ['unknown', 'unsupported'],
  appends: [],
  async handle({ people, session, body }) {
    return { status: 200, body: challengeBody(await people.challenge(session, readChange(body))) };
  },
};
