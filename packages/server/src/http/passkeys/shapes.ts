import { type Assertion, type Authenticator, formatInstant } from '@writ/core';
import type { ChallengedChange, NewPasskey, PasskeyChallenge } from '@writ/engine';
import { type Static, type TSchema, Type } from 'typebox';
import { shapeReader } from '../api/read-shape.ts';
import { ASSERTION } from '../api/shapes/assertion.ts';
import { base64url, text, time } from '../api/shapes/text.ts';
import { Problem } from '../problem.ts';

const strict = { additionalProperties: false } as const;
const nonce = base64url('that of the challenge', 43);

const Passkey = Type.Object(
  {
    id: Type.String({ description: 'its WebAuthn credential id, base64url' }),
    label: Type.String({ description: 'what its owner calls it' }),
    addedAt: time('when it was recorded'),
  },
  { $id: 'Passkey', ...strict },
);
export const PASSKEY: TSchema = Passkey;
export const PASSKEYS: TSchema = Type.Object(
  { passkeys: Type.Array(Passkey) },
  { $id: 'Passkeys', ...strict },
);

export function passkeyBody({ id, label, addedAt }: Authenticator): {
  id: string;
  label: string;
  addedAt: string;
} {
  const body: Static<typeof Passkey> = { id, label, addedAt: formatInstant(addedAt) };
  return body;
}

const Asked = Type.Object(
  {
    event: Type.Enum(['authenticator-added', 'authenticator-replaced', 'invited'], {
      description: 'what it is for',
    }),
    id: Type.Optional(base64url('of the passkey that is to be replaced', 1_400)),
    person: Type.Optional(text('`user:…` who is to be invited')),
  },
  { $id: 'PasskeyChange', ...strict },
);
export const PASSKEY_CHANGE: TSchema = Asked;
const readAsked = shapeReader(Asked);

/** @throws Problem `invalid` */
export function readChange(body: unknown): ChallengedChange {
  const { event, id, person } = readAsked(body);
  if (event === 'authenticator-added' && id === undefined && person === undefined) return { event };
  if (event === 'authenticator-replaced' && id !== undefined && person === undefined) return { event, id };
  if (event === 'invited' && person !== undefined && id === undefined) return { event, person };
  throw new Problem('invalid', {
    detail: '`authenticator-replaced` has `id`, `invited` has `person`, and nothing else has either',
  });
}

const Challenge = Type.Object(
  {
    nonce: Type.String({ description: 'base64url; good once, for five minutes; to be sent back' }),
    challenge: Type.String({
      description: 'base64url: what a new passkey is made over; for `invited`, what yours signs',
    }),
    rpId: Type.String(),
    userId: Type.String({ description: 'base64url: names you to the authenticator' }),
    person: Type.String(),
    existing: Type.Array(Type.String(), { description: 'credential ids of your passkeys' }),
  },
  { $id: 'PasskeyChallenge', ...strict },
);
export const PASSKEY_CHALLENGE: TSchema = Challenge;

export function challengeBody({ existing, ...rest }: PasskeyChallenge): object {
  const body: Static<typeof Challenge> = { ...rest, existing: [...existing] };
  return body;
}

const Registration = Type.Object(
  {
    clientDataJson: base64url('as the browser gives it', 4_000),
    attestationObject: base64url('as the browser gives it', 8_000),
  },
  { $id: 'Registration', ...strict, description: 'WebAuthn Level 3, section 5.2.1' },
);

const made = {
  nonce,
  registration: Registration,
  label: text('what you call it', 64),
};

const Added = Type.Object(
  {
    ...made,
    assertion: Type.Optional(ASSERTION),
    invitation: Type.Optional(base64url('what the link of your invitation holds', 43)),
  },
  { $id: 'NewPasskey', ...strict, description: 'with either `assertion` or `invitation`' },
);
export const NEW_PASSKEY: TSchema = Added;
const readAdded = shapeReader(Added);

/** @throws Problem `invalid` */
export function readNewPasskey(body: unknown): NewPasskey {
  const { assertion, invitation, ...rest } = readAdded(body);
  if (assertion !== undefined && invitation === undefined) return { ...rest, by: { assertion } };
  if (invitation !== undefined && assertion === undefined) return { ...rest, by: { invitation } };
  throw new Problem('invalid', {
    detail: 'send either `assertion`, by a passkey that you have, or `invitation`',
  });
}

const Replacing = Type.Object({ ...made, assertion: ASSERTION }, { $id: 'ReplacingPasskey', ...strict });
export const REPLACING_PASSKEY: TSchema = Replacing;
const readReplacing = shapeReader(Replacing);

/** @throws Problem `invalid` */
export function readReplacingPasskey(body: unknown): NewPasskey {
  const { assertion, ...rest } = readReplacing(body);
  return { ...rest, by: { assertion } };
}

const Inviting = Type.Object({ nonce, assertion: ASSERTION }, { $id: 'Inviting', ...strict });
export const INVITING: TSchema = Inviting;
const readGiven = shapeReader(Inviting);

/** @throws Problem `invalid` */
export function readInviting(body: unknown): { readonly nonce: string; readonly assertion: Assertion } {
  return readGiven(body);
}

export const INVITATION: TSchema = Type.Object(
  {
    person: Type.String(),
    url: Type.String({ description: 'for that person alone, once; it is not shown again' }),
    expiresAt: time('until when it can be used'),
  },
  { $id: 'Invitation', ...strict },
);
