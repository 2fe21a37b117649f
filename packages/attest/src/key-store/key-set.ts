import { EvidenceError } from '../evidence-error.ts';
import { fits, importIfFit, type Uses, type VerificationKey } from '../jws/jwk.ts';
import { isStrictList, isStrictObject, parseStrictJson, type StrictJson } from '../jws/strict-json.ts';

/** An issuer's usable keys by `kid`. */
export type KeySet = ReadonlyMap<string, readonly VerificationKey[]>;

const MOST_KEYS = 64;

/**
 * The keys of a JWK Set (RFC 7517 §5) that are fit to verify signatures, for one of `uses`, and have a `kid`. Others,
 * among them encryption keys, private and symmetric ones, are left out; an empty set is a set.
 *
 * @throws EvidenceError `unavailable` when it is not a set, or of more than 64 keys
 */
export function parseKeySet(body: Buffer, uses?: Uses): KeySet {
  const document = readJson(body);
  const keys = isStrictObject(document) ? document['keys'] : undefined;
  if (!isStrictList(keys)) throw unavailable('key set has no list `keys`');
  if (keys.length > MOST_KEYS) throw unavailable(`key set has more than ${MOST_KEYS} keys`);
  return keySetOf(keys, uses);
}

/** The keys among `jwks` that are fit and have a `kid`, as in `parseKeySet`. */
export function keySetOf(jwks: readonly StrictJson[], uses?: Uses): KeySet {
  const byKid = new Map<string, VerificationKey[]>();
  for (const jwk of jwks) {
    const key = importIfFit(jwk, uses);
    if (key === null || key.kid === null) continue;
    byKid.set(key.kid, [...(byKid.get(key.kid) ?? []), key]);
  }
  return byKid;
}

/**
 * The one key with that `kid` for that algorithm. Two that could both be meant are none.
 * @throws EvidenceError `key`
 */
export function findKey(keys: KeySet, kid: string, alg: string): VerificationKey {
  const fitting = (keys.get(kid) ?? []).filter((key) => fits(key, alg));
  const [key] = fitting;
  if (key === undefined || fitting.length > 1) {
    const message = key === undefined ? 'issuer has no such key' : 'issuer has several keys of that name';
    throw new EvidenceError('key', message, { claim: 'kid', value: kid });
  }
  return key;
}

/** @throws EvidenceError `unavailable`: what the issuer sent is not the caller's fault */
export function readJson(body: Buffer): StrictJson {
  try {
    return parseStrictJson(body);
  } catch (cause) {
    throw unavailable('issuer sent malformed json', cause);
  }
}

function unavailable(message: string, cause?: unknown): EvidenceError {
  return new EvidenceError('unavailable', message, { cause });
}
