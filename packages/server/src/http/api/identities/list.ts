import { Type } from 'typebox';
import { cursorOf, OWNED_PAGE, readPage } from '../cursor.ts';
import type { Operation } from '../operation.ts';
import { IDENTITY, identityBody } from '../shapes/identity.ts';
import { nullable } from '../shapes/text.ts';

const Identities = Type.Object(
  {
    identities: Type.Array(IDENTITY),
    next: nullable(Type.String({ description: '`after` of the next page' })),
  },
  { $id: 'IdentityPage', additionalProperties: false },
);

export const listIdentitiesOperation: Operation = {
  id: 'listIdentities',
  method: 'GET',
  path: '/identities',
  summary: 'List identities that are yours to see',
  description: 'A page may be shorter than was asked for; the list ends where `next` is null.',
  query: OWNED_PAGE,
  answers: { 200: { description: 'a page, in the order of their names', shape: Identities } },
  problems: [],
  appends: [],
  async handle({ runs, session, query }) {
    const page = await runs.identities(session, readPage(query));
    const last = page.at(-1);
    return {
      status: 200,
      body: {
        identities: page.map(identityBody),
        next: last === undefined ? null : cursorOf(last.name),
      },
    };
  },
};
