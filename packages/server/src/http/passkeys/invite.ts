import { formatInstant } from '@writ/core';
import type { Operation } from '../api/operation.ts';
import { INVITATION, INVITING, readInviting } from './shapes.ts';
import { signed } from './signed.ts';

export const invitePersonOperation: Operation = {
  id: 'invitePerson',
  method: 'POST',
  path: '/people/:id/invitations',
  summary: 'Make a one-time link by which a person adds a passkey',
  description: 'By an administrator, whose passkey signs a challenge for `invited`.',
  body: INVITING,
  answers: { 201: { description: 'the link; it is not shown again', shape: INVITATION } },
  problems: ['unknown', 'refused', 'conflict', 'not-signed', 'unsupported'],
  appends: ['person'],
  async handle({ people, session, id, body, base }) {
    const { person, secret, expiresAt } = await signed(
      people.invite(session, { person: id, ...readInviting(body) }),
    );
    const url = invitationUrl(base.replace(/\/api\/v1$/, ''), secret.reveal());
    return { status: 201, body: { person, url, expiresAt: formatInstant(expiresAt) } };
  },
};

/** The secret is behind `#`: no server is sent it, and no log keeps it. */
export function invitationUrl(publicUrl: string, secret: string): string {
  return `${publicUrl}/enrol#${secret}`;
}
