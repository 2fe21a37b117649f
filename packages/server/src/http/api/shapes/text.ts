import { type TSchema, Type } from 'typebox';

/** A time of RFC 3339 in UTC, to the second. The description of a shape says what would help whoever left it out. */
export function time(description: string): Type.TString {
  return Type.String({
    format: 'date-time',
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$',
    description,
  });
}

/** A text of 1 to `longest` characters. */
export function text(description: string, longest = 200): Type.TString {
  return Type.String({ minLength: 1, maxLength: longest, description });
}

/** Bytes in base64url without padding (RFC 4648 §5). */
export function base64url(description: string, longest: number): Type.TString {
  return Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: longest, description });
}

export function nullable<S extends TSchema>(schema: S): Type.TUnion<[S, Type.TNull]> {
  const description: unknown = Reflect.get(schema, 'description');
  return Type.Union([schema, Type.Null()], typeof description === 'string' ? { description } : {});
}
