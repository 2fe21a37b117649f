const TEMPLATE = /^(?<origin>https?:\/\/[^/?#{}]+)(?<path>\/[^?#]*)(?:\?(?<query>[^?#]*))?$/;
const LITERAL = /^[A-Za-z0-9._~:@,-]+$/;
const NAME = /^[A-Za-z0-9._~-]+$/;
const PLACEHOLDER = /\{([^{}]*)\}/g;
const WHOLE_PLACEHOLDER =
  /^\{(?:identity\.(?:name|uri|owner)|request\.[a-z][a-z0-9_-]*|evidence\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)\}$/;

/** Characters of a value at most. */
const LONGEST_VALUE = 1024;

/** A fact that a URL asks by and that is not there, or cannot stand in a URL. */
export interface Absent {
  readonly absent: string;
}

/**
 * Why `text` is no template of a URL, or null. A placeholder is a whole path segment or a whole query value; scheme, host
 * and port have none, so that no value decides who is asked. Outside of them it is a URL in its one normal spelling.
 */
export function templateProblem(text: string): string | null {
  const { origin, path = '', query } = TEMPLATE.exec(text)?.groups ?? {};
  if (origin === undefined)
    return 'expected a URL with a path, without fragment, and no placeholder before the path';
  const segments = path.slice(1).split('/');
  const bad = segments.find(
    (segment, i) => !isSegment(segment) && !(segment === '' && i === segments.length - 1),
  );
  if (bad !== undefined) return badPart('path segment', bad);
  const pair = query?.split('&').find((each) => !isPair(each));
  if (pair !== undefined) return badPart('query parameter', pair);
  const plain = text.replace(PLACEHOLDER, 'x');
  const normal = URL.canParse(plain) ? new URL(plain) : null;
  if (normal?.href !== plain || normal.username !== '')
    return 'expected a URL in its normal spelling, without user';
  return null;
}

/** The paths of facts that a template asks by, in order. */
export function templatePaths(template: string): readonly string[] {
  return [...template.matchAll(PLACEHOLDER)].map(([, path = '']) => path);
}

/**
 * The URL of a template that `templateProblem` has nothing against. Each value fills exactly its own segment or query
 * value: it is percent-encoded, and one that a server could read as another path (`..`, `%2e`, F7) counts as absent, as
 * does an empty one.
 */
export function fillUrl(template: string, lookup: (path: string) => string | undefined): string | Absent {
  const values = new Map(templatePaths(template).map((path) => [path, lookup(path)]));
  for (const [path, value] of values) if (value === undefined || !isPlain(value)) return { absent: path };
  return template.replace(PLACEHOLDER, (_, path: string) => encode(values.get(path) ?? ''));
}

function isSegment(segment: string): boolean {
  return WHOLE_PLACEHOLDER.test(segment) || (LITERAL.test(segment) && segment !== '.' && segment !== '..');
}

function isPair(pair: string): boolean {
  const [name = '', value, ...more] = pair.split('=');
  if (value === undefined || more.length > 0 || !NAME.test(name)) return false;
  return value === '' || WHOLE_PLACEHOLDER.test(value) || LITERAL.test(value);
}

function badPart(what: string, part: string): string {
  return `\`${part}\` is no ${what}: expected letters, digits and .~_:@,- or one placeholder such as {identity.name}, {request.target} or {evidence.github.repository}`;
}

/** No value that a server which decodes too early or twice would read as leading elsewhere. */
function isPlain(value: string): boolean {
  if (value === '' || value.length > LONGEST_VALUE || !value.isWellFormed()) return false;
  if (/\p{Cc}|%(?:2e|2f|5c)/iu.test(value)) return false;
  return value.split(/[/\\]/).every((piece) => !/^\.{1,2}(?:;|$)/.test(piece));
}

/** Everything but the unreserved characters of RFC 3986 §2.3. */
function encode(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
