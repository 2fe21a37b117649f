import type { Operation } from '../api/operation.ts';
import { PASSKEYS, passkeyBody } from './shapes.ts';

export const listPasskeysOperation: Operation = {
  id: 'listPasskeys',
  method: 'GET',
  path: '/passkeys',
  summary: 'List your passkeys',
  answers: { 200: { description: 'those that are active here', shape: PASSKEYS } },
  problems: [],
  appends: [],
  async handle({ people, session }) {
    const passkeys = await people.authenticators(session.person);
    return { status: 200, body: { passkeys: passkeys.map(passkeyBody) } };
  },
};
