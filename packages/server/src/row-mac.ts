import { createHmac, createSecretKey } from 'node:crypto';

/** HMAC-SHA-256 over what a row says, base64url: whoever can write the database and has not the key cannot make another. */
export function createRowMac(key: Uint8Array): (text: string) => string {
  const secret = createSecretKey(key);
  return (text) => createHmac('sha256', secret).update(text).digest('base64url');
}
