import type { GivenDecision, ToDecide } from '@writ/engine';
import { type TSchema, Type } from 'typebox';
import { shapeReader } from '../read-shape.ts';
import { ASSERTION } from './assertion.ts';
import { base64url, text } from './text.ts';

const strict = { additionalProperties: false } as const;
const rule = text('the rule that demands it, as the obligation names it');

const Asked = Type.Object(
  { rule, decision: Type.Enum(['approve', 'confirm'], { description: 'what you want to sign' }) },
  { $id: 'ToDecide', ...strict },
);

const Given = Type.Object(
  {
    rule,
    nonce: base64url('that of the challenge', 1_000),
    assertion: ASSERTION,
  },
  { $id: 'SignedDecision', ...strict },
);

const Denied = Type.Object(
  { rule, reason: text('why, in a sentence; it is recorded', 1_000) },
  { $id: 'Denial', ...strict },
);

/** What a challenge is asked for. */
export const TO_DECIDE: TSchema = Asked;
/** What a passkey signed. */
export const SIGNED_DECISION: TSchema = Given;
export const DENIAL: TSchema = Denied;

const readAsked = shapeReader(Asked);
const readGiven = shapeReader(Given);
const readDenied = shapeReader(Denied);

/** @throws Problem `invalid` */
export function readToDecide(run: string, body: unknown): ToDecide {
  return { run, ...readAsked(body) };
}

/** @throws Problem `invalid` */
export function readSigned(run: string, decision: 'approve' | 'confirm', body: unknown): GivenDecision {
  return { run, decision, ...readGiven(body) };
}

/** @throws Problem `invalid` */
export function readDenial(run: string, body: unknown): { run: string; rule: string; reason: string } {
  return { run, ...readDenied(body) };
}
