import type { Change } from '@writ/engine';
import { type Static, type TSchema, Type } from 'typebox';

const Difference = Type.Object(
  { member: Type.String(), before: Type.Unknown(), after: Type.Unknown() },
  { $id: 'Change', additionalProperties: false },
);

/** What would be otherwise on an identity. */
export const CHANGE: TSchema = Difference;

export function changeBody({ member, before, after }: Change): object {
  const body: Static<typeof Difference> = { member, before, after };
  return body;
}
