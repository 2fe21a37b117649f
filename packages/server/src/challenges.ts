import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Challenges } from '@writ/engine';

/** Milliseconds that a nonce is good for. */
const LIFE = 5 * 60_000;
/** Milliseconds that the clocks of two processes may differ by. */
const SKEW = 5_000;

/** Bytes of a nonce: when it was issued, what makes it one of a kind, and the shortened MAC of both and what it is about. */
const TIME = 6;
const RANDOM = 10;
const MAC = 16;
const HEAD = TIME + RANDOM;

/** Nonces under `key`: 32 bytes that all processes of an installation share and nothing else uses. */
export function createChallenges(key: Uint8Array): Challenges {
  const secret = createSecretKey(key);
  return {
    issue: (about, now) => {
      const head = Buffer.alloc(HEAD);
      head.writeUIntBE(now, 0, TIME);
      randomBytes(RANDOM).copy(head, TIME);
      return Buffer.concat([head, macOf(secret, head, about)]).toString('base64url');
    },
    verify: (nonce, about, now) => {
      const bytes = Buffer.from(nonce, 'base64url');
      if (bytes.length !== HEAD + MAC || bytes.toString('base64url') !== nonce) return null;
      const head = bytes.subarray(0, HEAD);
      if (!timingSafeEqual(bytes.subarray(HEAD), macOf(secret, head, about))) return null;
      const issued = head.readUIntBE(0, TIME);
      if (now < issued - SKEW || now >= issued + LIFE) return null;
      return { key: `challenge:${nonce}`, holder: null, until: issued + LIFE + SKEW };
    },
  };
}

function macOf(secret: KeyObject, head: Uint8Array, about: string): Buffer {
  return createHmac('sha256', secret)
    .update('writ/challenge/1\n')
    .update(head)
    .update(about)
    .digest()
    .subarray(0, MAC);
}
