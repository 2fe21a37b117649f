import { type TSchema, Type } from 'typebox';
import type { OpenOperation } from '../api/operation.ts';
import { POLL_SECONDS } from './poll.ts';

const STARTED: TSchema = Type.Object(
  {
    device_code: Type.String({ description: 'what to poll with' }),
    user_code: Type.String({ description: 'what to show' }),
    verification_uri: Type.String({ description: 'where a person opens it' }),
    expires_in: Type.Integer({ description: 'seconds' }),
    interval: Type.Integer({ description: 'seconds between two polls' }),
  },
  { $id: 'TerminalCode', additionalProperties: false },
);

/** RFC 8628 §3.1 and §3.2, in JSON. */
export const startTerminalOperation: OpenOperation = {
  id: 'startTerminal',
  method: 'POST',
  path: '/device',
  summary: 'Begin the sign-in of a terminal',
  description: 'In the manner of RFC 8628: a person confirms the code on a page of ours.',
  answers: { 200: { description: 'a code to show, and one to poll with', shape: STARTED } },
  problems: [],
  appends: [],
  async handle({ people, publicUrl, at }) {
    const { deviceCode, userCode, expiresAt } = await people.startTerminal();
    return {
      status: 200,
      body: {
        device_code: deviceCode.reveal(),
        user_code: userCode,
        verification_uri: `${publicUrl}/device`,
        expires_in: Math.floor((expiresAt - at) / 1000),
        interval: POLL_SECONDS,
      },
    };
  },
};
