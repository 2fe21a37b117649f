import { type TSchema, Type } from 'typebox';
import { Problem } from '../problem.ts';
import { shapeReader } from './read-shape.ts';

const DEFAULT_LIMIT = 100;

const page = {
  after: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1_000, description: '`next` of the page before' }),
  ),
  limit: Type.Optional(
    Type.String({
      pattern: '^(?:[1-9][0-9]{0,2}|1000)$',
      description: `rows of a page at most, 1 to 1000; ${DEFAULT_LIMIT} where it is absent`,
    }),
  ),
};

const Page = Type.Object(page, { additionalProperties: false });
const OwnedPage = Type.Object(
  {
    ...page,
    owner: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: '`user:…` or `group:…`' })),
  },
  { additionalProperties: false },
);

export const PAGE: TSchema = Page;
export const OWNED_PAGE: TSchema = OwnedPage;

const readAny = shapeReader(OwnedPage);

/** A page of a list: where it begins, how long it may be, and whose things are on it. @throws Problem `invalid` */
export function readPage(query: unknown): { after: string | null; limit: number; owner: string | undefined } {
  const { after, limit, owner } = readAny(query);
  return {
    after: after === undefined ? null : keyOf(after),
    limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
    owner,
  };
}

/** The opaque name of the place behind the row of this key. */
export function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function keyOf(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (cursorOf(key) === cursor) return key;
  throw new Problem('invalid', { detail: '`after` is not the `next` of a page' });
}
