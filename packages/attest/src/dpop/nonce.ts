import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

/** Nonces that need no store: whoever holds the key can tell its own (RFC 9449 §8 and §9). */
export interface DpopNonces {
  /** The nonce of `now` (milliseconds): the same for everybody within a bucket of 5 minutes. */
  issueNonce(now: number): string;
  /** Whether `nonce` is of this bucket or the one before: 5 to 10 minutes. Compares in constant time. */
  isValidNonce(nonce: string, now: number): boolean;
}

const BUCKET = 5 * 60_000;
const LEAST_KEY_BYTES = 32;
const KEPT = 4;

/**
 * Nonces under `key`, at least 32 bytes that all replicas share and nothing else uses.
 * @throws RangeError for a shorter key
 */
export function createDpopNonces(key: Uint8Array): DpopNonces {
  if (key.length < LEAST_KEY_BYTES) throw new RangeError(`nonce key needs ${LEAST_KEY_BYTES} bytes or more`);
  const secret = createSecretKey(key);

  /** The nonces of the last buckets asked for, as a bucket has but one. */
  const known = new Map<number, string>();

  function nonceOf(bucket: number): string {
    const made = known.get(bucket);
    if (made !== undefined) return made;
    const nonce = createHmac('sha256', secret).update(`writ/dpop-nonce/1:${bucket}`).digest('base64url');
    if (known.size >= KEPT) known.clear();
    known.set(bucket, nonce);
    return nonce;
  }

  function isOf(nonce: Buffer, bucket: number): boolean {
    const expected = Buffer.from(nonceOf(bucket));
    return nonce.length === expected.length && timingSafeEqual(nonce, expected);
  }

  return {
    issueNonce: (now) => nonceOf(bucketOf(now)),
    isValidNonce: (nonce, now) => {
      const given = Buffer.from(nonce);
      const bucket = bucketOf(now);
      return isOf(given, bucket) || isOf(given, bucket - 1);
    },
  };
}

function bucketOf(now: number): number {
  return Math.floor(now / BUCKET);
}
