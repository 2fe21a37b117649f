import { formatInstant } from '@writ/core';
import { type TSchema, Type } from 'typebox';
import type { OpenOperation, Reply } from '../api/operation.ts';
import { shapeReader } from '../api/read-shape.ts';
import { base64url } from '../api/shapes/text.ts';
import { Problem } from '../problem.ts';

/** Seconds between two polls. */
export const POLL_SECONDS = 2;

const Poll = Type.Object(
  { device_code: base64url('that of the start', 43) },
  { $id: 'TerminalPoll', additionalProperties: false },
);
const POLL: TSchema = Poll;
const readPoll = shapeReader(Poll);

const POLLED: TSchema = Type.Object(
  {
    state: Type.Enum(['waiting', 'signed-in']),
    interval: Type.Optional(Type.Integer({ description: 'while it waits: seconds until the next poll' })),
    session: Type.Optional(
      Type.String({ description: 'once signed in: what to send as `Authorization: Bearer`' }),
    ),
    person: Type.Optional(Type.String()),
    expires_at: Type.Optional(Type.String()),
  },
  { $id: 'TerminalState', additionalProperties: false },
);

/** RFC 8628 §3.4; what §3.5 has error codes for are states. */
export const pollTerminalOperation: OpenOperation = {
  id: 'pollTerminal',
  method: 'POST',
  path: '/device/token',
  summary: 'Ask whether the terminal is signed in',
  body: POLL,
  answers: { 200: { description: 'how far it is', shape: POLLED } },
  problems: ['unknown'],
  appends: [],
  async handle({ people, body }): Promise<Reply> {
    const polled = await people.pollTerminal(readPoll(body).device_code);
    if (polled.state !== 'signed-in') {
      if (polled.state === 'gone') throw new Problem('unknown');
      return { status: 200, body: { state: 'waiting', interval: POLL_SECONDS } };
    }
    const { secret, session } = polled.signedIn;
    return {
      status: 200,
      body: {
        state: 'signed-in',
        session: secret.reveal(),
        person: session.person,
        expires_at: formatInstant(session.expiresAt),
      },
    };
  },
};
