import { type TSchema, Type } from 'typebox';
import type { Operation } from '../api/operation.ts';
import { shapeReader } from '../api/read-shape.ts';
import { text } from '../api/shapes/text.ts';

const Code = Type.Object(
  { user_code: text('what the terminal shows: `BCDF-GHJK-LMNP`', 20) },
  { $id: 'UserCode', additionalProperties: false },
);
const CODE: TSchema = Code;
const Confirmed: TSchema = Type.Object({}, { additionalProperties: false });
const readCode = shapeReader(Code);

export const confirmTerminalOperation: Operation = {
  id: 'confirmTerminal',
  method: 'POST',
  path: '/device/confirm',
  summary: 'Let the terminal that shows this code in, as you',
  description: 'What it gets ends with your own session.',
  body: CODE,
  answers: { 200: { description: 'it is let in', shape: Confirmed } },
  problems: ['unknown', 'conflict'],
  appends: [],
  async handle({ people, session, body }) {
    await people.confirmTerminal(session, readCode(body).user_code);
    return { status: 200, body: {} };
  },
};
