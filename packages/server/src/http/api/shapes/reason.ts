import type { Reason } from '@writ/core';
import { type Static, type TSchema, Type } from 'typebox';

const Told = Type.Object(
  {
    stage: Type.String(),
    rule: Type.String({ description: 'the rule that decided' }),
    message: Type.String(),
    claim: Type.Optional(Type.String()),
    value: Type.Optional(Type.String({ description: 'your own value, never the expected one' })),
    help: Type.Optional(Type.String()),
  },
  { $id: 'Reason', additionalProperties: false },
);

export const REASON: TSchema = Told;

/** Without what would have been accepted: that is for owners and operators, by `writ explain` (law 14). */
export function reasonBody({ stage, rule, message, claim, value, help }: Reason): object {
  const body: Static<typeof Told> = { stage, rule, message };
  if (claim !== undefined) body.claim = claim;
  if (value !== undefined) body.value = value;
  if (help !== undefined) body.help = help;
  return body;
}
