import { createHmac, createSecretKey } from 'node:crypto';

/** 16 bytes that name an identity to nobody who lacks the key. */
const TAG = 16;
/** Identities whose tag is kept, as each of their issuances carries it. */
const KEPT = 10_000;

/** The tag of an identity in the log's leaves: HMAC-SHA-256 under `key`, shortened. */
export function createIdentityTag(key: Uint8Array): (identity: string) => Uint8Array {
  const secret = createSecretKey(key);
  const known = new Map<string, Uint8Array>();
  return (identity) => {
    const made = known.get(identity);
    if (made !== undefined) return made;
    const digest = createHmac('sha256', secret).update(identity).digest();
    const tag = new Uint8Array(digest.subarray(0, TAG));
    if (known.size >= KEPT) known.clear();
    known.set(identity, tag);
    return tag;
  };
}
