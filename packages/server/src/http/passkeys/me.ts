import { formatInstant } from '@writ/core';
import { type Static, type TSchema, Type } from 'typebox';
import { isSampleEvidence } from '../../dev-people/sample-evidence.ts';
import type { Operation } from '../api/operation.ts';
import { time } from '../api/shapes/text.ts';
import { Problem } from '../problem.ts';
import { PASSKEY, passkeyBody } from './shapes.ts';

const Me = Type.Object(
  {
    person: Type.String({ description: '`user:…`' }),
    name: Type.String(),
    groups: Type.Array(Type.String()),
    roles: Type.Array(Type.String()),
    signedInAt: time('when you signed in'),
    expiresAt: time('when you will have to again'),
    passkeys: Type.Array(PASSKEY),
    sample: Type.Boolean({
      description: 'whether you are a sample person of `writ dev`, who never signed in',
    }),
  },
  { $id: 'Me', additionalProperties: false },
);
const ME: TSchema = Me;

export const showMeOperation: Operation = {
  id: 'showMe',
  method: 'GET',
  path: '/me',
  summary: 'Show who is signed in, and what they may do',
  answers: { 200: { description: 'you', shape: ME } },
  problems: [],
  appends: [],
  async handle({ people, session }) {
    const profile = await people.profile(session);
    if (profile === null) throw new Problem('not-signed-in');
    const { person, name, groups, roles } = profile;
    const passkeys = await people.authenticators(person);
    const body: Static<typeof Me> = {
      person,
      name,
      groups: [...groups],
      roles: [...roles],
      signedInAt: formatInstant(session.signedInAt),
      expiresAt: formatInstant(session.expiresAt),
      passkeys: passkeys.map(passkeyBody),
      sample: isSampleEvidence(session.evidence),
    };
    return { status: 200, body };
  },
};
