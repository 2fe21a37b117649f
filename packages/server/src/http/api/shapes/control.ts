import type { ControlResult } from '@writ/flow';
import { type Static, type TSchema, Type } from 'typebox';

const Control = Type.Object(
  {
    pack: Type.String(),
    control: Type.String(),
    aliases: Type.Array(Type.String()),
    title: Type.String(),
    outcome: Type.Enum(['pass', 'fail', 'not-applicable']),
    because: Type.String(),
  },
  { $id: 'Control', additionalProperties: false },
);

/** What a control of a policy pack says of a request. */
export const CONTROL: TSchema = Control;

export function controlBody({ aliases, ...rest }: ControlResult): object {
  const { pack, control, title, outcome, because } = rest;
  const body: Static<typeof Control> = { pack, control, aliases: [...aliases], title, outcome, because };
  return body;
}
