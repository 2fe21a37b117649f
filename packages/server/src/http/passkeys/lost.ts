import type { Operation } from '../api/operation.ts';
import { PASSKEYS, passkeyBody } from './shapes.ts';

export const reportLossOperation: Operation = {
  id: 'reportPasskeyLost',
  method: 'POST',
  path: '/passkeys/:id/lost',
  summary: 'Say that a passkey of yours is lost; it ends at once',
  answers: { 200: { description: 'those that are left', shape: PASSKEYS } },
  problems: ['unknown', 'conflict'],
  appends: ['person'],
  async handle({ people, session, id }) {
    await people.reportLoss(session, id);
    const passkeys = await people.authenticators(session.person);
    return { status: 200, body: { passkeys: passkeys.map(passkeyBody) } };
  },
};
