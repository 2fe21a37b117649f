const NOT_BASE64URL = /[^A-Za-z0-9_-]/;
/** Last characters whose unused bits are zero, by the length's remainder: 2 leaves four bits unused, 3 leaves two. */
const LAST_OF_TWO = 'AQgw';
const LAST_OF_THREE = 'AEIMQUYcgkosw048';

/**
 * Bytes of canonical base64url: no padding, no other alphabet, nothing between, unused bits zero; null if it is not.
 * Two spellings of the same bytes would be two tokens for one. RFC 7515 §2, RFC 4648 §3.5 and §5.
 */
export function decodeBase64url(text: string): Buffer | null {
  const rest = text.length % 4;
  if (rest === 1 || NOT_BASE64URL.test(text)) return null;
  const last = text.charAt(text.length - 1);
  if (rest === 2 && !LAST_OF_TWO.includes(last)) return null;
  if (rest === 3 && !LAST_OF_THREE.includes(last)) return null;
  return Buffer.from(text, 'base64url');
}
