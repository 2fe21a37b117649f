import type { Preview } from '@writ/engine';
import { type Static, type TSchema, Type } from 'typebox';
import { CHANGE, changeBody } from './change.ts';
import { CONTROL, controlBody } from './control.ts';
import { OBLIGATION, obligationBody } from './obligation.ts';
import { REASON, reasonBody } from './reason.ts';

const Foreseen = Type.Object(
  {
    outcome: Type.Enum(['waiting', 'issue', 'refused']),
    reasons: Type.Array(REASON),
    obligations: Type.Array(OBLIGATION),
    changes: Type.Array(CHANGE),
    controls: Type.Array(CONTROL),
  },
  { $id: 'Preview', additionalProperties: false },
);

/** What asking would lead to. */
export const PREVIEW: TSchema = Foreseen;

export function previewBody({ outcome, reasons, obligations, changes, controls }: Preview): object {
  const body: Static<typeof Foreseen> = {
    outcome,
    reasons: reasons.map(reasonBody),
    obligations: obligations.map(obligationBody),
    changes: changes.map(changeBody),
    controls: controls.map(controlBody),
  };
  return body;
}
