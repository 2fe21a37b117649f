const LONGEST = 2048;
/** Absolute http(s) URIs in the characters of RFC 3986; what a lenient parser would repair is refused instead. */
const URI = /^https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/i;

/**
 * The form in which `htu` is compared (RFC 9449 §4.3, RFC 3986 §6.2.2 and §6.2.3): scheme and host in lower case, no
 * default port, no dot segments, no query, no fragment. Null when `text` is no absolute http URI, or names a user.
 */
export function normaliseTargetUri(text: string): string | null {
  if (text.length > LONGEST || !URI.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return null;
  return `${url.protocol}//${url.host}${url.pathname}`;
}
