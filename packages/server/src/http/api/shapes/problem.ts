import { type TSchema, Type } from 'typebox';
import { PROBLEMS } from '../../problem.ts';
import { REASON } from './reason.ts';

/** RFC 9457 with our members. */
export const PROBLEM: TSchema = Type.Object(
  {
    type: Type.String({ format: 'uri' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    code: Type.Enum(Object.keys(PROBLEMS), { description: 'stable: for programs' }),
    rule: Type.Optional(Type.String({ description: 'the rule that decided' })),
    reasons: Type.Optional(Type.Array(REASON)),
    help: Type.Optional(Type.String()),
    writ_ref: Type.Optional(Type.String({ description: 'what `writ explain` takes' })),
  },
  { $id: 'Problem', additionalProperties: false },
);
