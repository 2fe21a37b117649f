import type { Operation } from '../api/operation.ts';
import { PASSKEY, passkeyBody, REPLACING_PASSKEY, readReplacingPasskey } from './shapes.ts';
import { signed } from './signed.ts';

export const replacePasskeyOperation: Operation = {
  id: 'replacePasskey',
  method: 'POST',
  path: '/passkeys/:id/replace',
  summary: 'Put a new passkey in the place of one that you have',
  description: 'The new one is recorded first, then the end of the old one.',
  body: REPLACING_PASSKEY,
  answers: { 201: { description: 'the new one', shape: PASSKEY } },
  problems: ['unknown', 'refused', 'conflict', 'not-signed', 'unsupported'],
  appends: ['person'],
  async handle({ people, session, id, body }) {
    const added = await signed(people.replacePasskey(session, id, readReplacingPasskey(body)));
    return { status: 201, body: passkeyBody(added) };
  },
};
