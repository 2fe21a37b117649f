/** The parameters of an `application/x-www-form-urlencoded` body, in order of name; a name may come more than once. */
export type Form = ReadonlyMap<string, readonly string[]>;

const MOST_PARAMETERS = 64;

/** Strict reading of a form: every escape complete, every text UTF-8. Null for what is not one. */
export function parseForm(body: string): Form | null {
  const form = new Map<string, string[]>();
  const pairs = body === '' ? [] : body.split('&');
  if (pairs.length > MOST_PARAMETERS) return null;
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
    if (name === null || value === null) return null;
    const values = form.get(name);
    if (values === undefined) form.set(name, [value]);
    else values.push(value);
  }
  return form;
}

const ENCODED = /[%+]/;

function decode(text: string): string | null {
  if (!ENCODED.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** The one value of a parameter: undefined when it is absent or empty (RFC 6749 §3.2), null when it comes twice. */
export function single(form: Form, name: string): string | undefined | null {
  const values = form.get(name);
  if (values === undefined) return undefined;
  return values.length > 1 ? null : values[0] === '' ? undefined : (values[0] ?? undefined);
}
