import type { Operation } from '../api/operation.ts';
import { NEW_PASSKEY, PASSKEY, passkeyBody, readNewPasskey } from './shapes.ts';
import { signed } from './signed.ts';

export const addPasskeyOperation: Operation = {
  id: 'addPasskey',
  method: 'POST',
  path: '/passkeys',
  summary: 'Add a passkey, by an invitation or by one that you have',
  body: NEW_PASSKEY,
  answers: { 201: { description: 'it is recorded', shape: PASSKEY } },
  problems: ['refused', 'conflict', 'not-signed', 'unsupported'],
  appends: ['person'],
  async handle({ people, session, body }) {
    const added = await signed(people.addPasskey(session, readNewPasskey(body)));
    return { status: 201, body: passkeyBody(added) };
  },
};
