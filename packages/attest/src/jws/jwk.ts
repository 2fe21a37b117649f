import { createPublicKey, hash, type JsonWebKey, type KeyObject } from 'node:crypto';
import { EvidenceError } from '../evidence-error.ts';
import { algorithmOf } from './algorithms.ts';
import { decodeBase64url } from './base64url.ts';
import { isStrictObject, type StrictJson, type StrictObject } from './strict-json.ts';

/** A public key that may verify signatures, pinned to what it says it is for. */
export interface VerificationKey {
  readonly kid: string | null;
  readonly kty: string;
  readonly crv: string | null;
  /** the only algorithm it is for, or null when its JWK leaves that open */
  readonly alg: string | null;
  /** RFC 7638, base64url of SHA-256 over the required members only */
  readonly thumbprint: string;
  readonly key: KeyObject;
}

const PRIVATE: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
const COORDINATE_BYTES: ReadonlyMap<string, number> = new Map([
  ['P-256', 32],
  ['P-384', 48],
]);
const ED25519_BYTES = 32;
const LEAST_RSA_BITS = 2048;
const MOST_RSA_BITS = 8192;
const LEAST_RSA_EXPONENT = 65_537;
const CACHED_KEYS = 1024;

/** KeyObjects by thumbprint, oldest first. Parsing a point costs half a verification. */
const cache = new Map<string, KeyObject>();

/** What a key may say it is for: `use` of RFC 7517 §4.2, or undefined for a key that says nothing. */
export type Uses = readonly (string | undefined)[];

const SIGNATURES: Uses = [undefined, 'sig'];

/**
 * A public JWK (RFC 7517, RFC 7518 §6, RFC 8037 §2) fit to verify signatures: no private or symmetric members; RSA of
 * 2048 to 8192 bits; canonical encodings; `use` among `uses`; `key_ops` and `alg`, where present, allow it.
 *
 * @throws EvidenceError `key`
 */
export function importJwk(jwk: StrictObject, uses: Uses = SIGNATURES): VerificationKey {
  for (const name of PRIVATE) {
    if (jwk[name] !== undefined) throw unfit(`must not have the private member \`${name}\``);
  }
  const { use, key_ops: operations } = jwk;
  if (!uses.some((each) => each === use))
    throw unfit('is for something else: its `use` is not the one expected');
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    throw unfit('is not for verification: its `key_ops` lack `verify`');
  }
  const required = requiredMembers(jwk);
  const { kty, crv = null } = required;
  const thumbprint = hash('sha256', JSON.stringify(required), 'base64url');
  const alg = optionalText(jwk, 'alg');
  const key: VerificationKey = {
    kid: optionalText(jwk, 'kid'),
    kty,
    crv,
    alg,
    thumbprint,
    key: keyObject(required, thumbprint),
  };
  if (alg !== null && !fits(key, alg)) throw unfit('has an `alg` that its type cannot do');
  return key;
}

/** The key in one member of a set, or null where it is no key that could verify a signature here (RFC 7517 §5). */
export function importIfFit(jwk: StrictJson, uses: Uses = SIGNATURES): VerificationKey | null {
  if (!isStrictObject(jwk)) return null;
  try {
    return importJwk(jwk, uses);
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}

/** Whether `key` may verify `alg`: its type, curve and its own `alg` say so. Both names of Ed25519 are one. */
export function fits(key: VerificationKey, alg: string): boolean {
  const algorithm = algorithmOf(alg);
  if (algorithm === undefined || algorithm.kty !== key.kty || algorithm.crv !== key.crv) return false;
  return (
    key.alg === null || key.alg === alg || (algorithm.kty === 'OKP' && algorithmOf(key.alg) === algorithm)
  );
}

/** Exactly the members RFC 7638 §3.2 hashes, in its order, each checked. */
interface RequiredMembers {
  readonly crv?: string;
  readonly e?: string;
  readonly kty: string;
  readonly n?: string;
  readonly x?: string;
  readonly y?: string;
}

function requiredMembers(jwk: StrictObject): RequiredMembers {
  const { kty, crv, x, y, n, e } = jwk;
  if (kty === 'RSA') return { e: exponent(e), kty, n: modulus(n) };
  if (kty === 'OKP' && crv === 'Ed25519') return { crv, kty, x: bytesOf(x, 'x', ED25519_BYTES) };
  if (kty === 'EC' && typeof crv === 'string') {
    const size = COORDINATE_BYTES.get(crv);
    if (size !== undefined) return { crv, kty, x: bytesOf(x, 'x', size), y: bytesOf(y, 'y', size) };
  }
  throw unfit('is of a type or curve that is not supported: use RSA, P-256, P-384 or Ed25519');
}

function bytesOf(value: StrictJson | undefined, name: string, size: number): string {
  const bytes = typeof value === 'string' ? decodeBase64url(value) : null;
  if (typeof value !== 'string' || bytes?.length !== size) {
    throw unfit(`needs \`${name}\` as base64url of ${size} bytes`);
  }
  return value;
}

/** RFC 7518 §6.3.1.1: no leading zero byte. */
function modulus(value: StrictJson | undefined): string {
  const bytes = typeof value === 'string' ? decodeBase64url(value) : null;
  const first = bytes?.[0] ?? 0;
  if (typeof value !== 'string' || bytes === null || first === 0) throw unfit('needs `n` as base64url');
  const bits = bytes.length * 8 - Math.clz32(first) + 24;
  if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
    throw unfit(`has ${bits} bits: use ${LEAST_RSA_BITS} to ${MOST_RSA_BITS}`);
  }
  return value;
}

function exponent(value: StrictJson | undefined): string {
  const bytes = typeof value === 'string' ? decodeBase64url(value) : null;
  if (typeof value !== 'string' || bytes === null || bytes.length > 4 || (bytes[0] ?? 0) === 0) {
    throw unfit('needs `e` as base64url of at most 4 bytes');
  }
  const e = bytes.readUIntBE(0, bytes.length);
  if (e < LEAST_RSA_EXPONENT || e % 2 === 0) throw unfit('has a weak `e`: use 65537');
  return value;
}

function optionalText(jwk: StrictObject, name: string): string | null {
  const value = jwk[name];
  if (value === undefined) return null;
  if (typeof value !== 'string') throw unfit(`has a \`${name}\` that is not a text`);
  return value;
}

function keyObject(required: RequiredMembers, thumbprint: string): KeyObject {
  const known = cache.get(thumbprint);
  if (known !== undefined) {
    cache.delete(thumbprint);
    cache.set(thumbprint, known);
    return known;
  }
  const key = createKeyObject({ ...required });
  const oldest = cache.keys().next();
  if (cache.size >= CACHED_KEYS && oldest.done !== true) cache.delete(oldest.value);
  cache.set(thumbprint, key);
  return key;
}

function createKeyObject(jwk: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch (cause) {
    throw new EvidenceError('key', 'key is not a point or number of its type', { cause });
  }
}

function unfit(why: string): EvidenceError {
  return new EvidenceError('key', `key ${why}`);
}
