import { constants } from 'node:crypto';

/** What a JOSE algorithm name means to keys and to node:crypto. */
export interface Algorithm {
  readonly kty: 'RSA' | 'EC' | 'OKP';
  /** the only curve, or null for RSA */
  readonly crv: string | null;
  /** digest node:crypto applies, or null where the algorithm brings its own */
  readonly digest: string | null;
  /** bytes of r and of s in an ECDSA signature, else 0 */
  readonly scalar: number;
  readonly padding: { readonly padding: number; readonly saltLength: number } | null;
}

const rsa = { kty: 'RSA', crv: null, scalar: 0 } as const;
const ed25519 = { kty: 'OKP', crv: 'Ed25519', digest: null, scalar: 0, padding: null } as const;

/**
 * Every algorithm there is here: RFC 7518 §3.3–3.5, RFC 8037 §3.1, and `Ed25519` of RFC 9864 §2.2. Neither `none` nor
 * HMAC can be looked up, so neither can be allowed by a list.
 */
const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map<string, Algorithm>([
  ['RS256', { ...rsa, digest: 'sha256', padding: null }],
  ['RS384', { ...rsa, digest: 'sha384', padding: null }],
  [
    'PS256',
    { ...rsa, digest: 'sha256', padding: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } },
  ],
  ['ES256', { kty: 'EC', crv: 'P-256', digest: 'sha256', scalar: 32, padding: null }],
  ['ES384', { kty: 'EC', crv: 'P-384', digest: 'sha384', scalar: 48, padding: null }],
  ['EdDSA', ed25519],
  ['Ed25519', ed25519],
]);

/** The algorithm named `alg`, exactly and by case, or undefined. */
export function algorithmOf(alg: string): Algorithm | undefined {
  return ALGORITHMS.get(alg);
}
