import type { DecisionChallenge } from '@writ/engine';
import { type Static, type TSchema, Type } from 'typebox';
import { RUN, runBody } from './run.ts';

const Challenge = Type.Object(
  {
    nonce: Type.String({ description: 'base64url; good once, for five minutes' }),
    challenge: Type.String({ description: 'base64url: what the passkey signs' }),
    digest: Type.String({ description: 'hexadecimal: of the plan, or of the envelope' }),
    rpId: Type.String(),
    allow: Type.Array(Type.String(), { description: 'the credential ids of your passkeys' }),
    view: RUN,
  },
  { $id: 'Challenge', additionalProperties: false },
);

/** What a passkey signs when a person decides, and what it is over. */
export const CHALLENGE: TSchema = Challenge;

export function challengeBody({ allow, view, ...rest }: DecisionChallenge): object {
  const { nonce, challenge, digest, rpId } = rest;
  const body: Static<typeof Challenge> = {
    nonce,
    challenge,
    digest,
    rpId,
    allow: [...allow],
    view: runBody(view),
  };
  return body;
}
