import { parseSpiffeId } from '@writ/core';
import { EvidenceError } from '../evidence-error.ts';
import { parseCompactJws, peekCompactJws } from '../jws/compact-jws.ts';
import { fits, importIfFit } from '../jws/jwk.ts';
import { checkTokenType } from '../jws/token-type.ts';
import { checkAlgorithm, verifyJwsSignature } from '../jws/verify-jws.ts';

/** An access token of ours: its id and the bytes that were signed, which are the same for every signature over them. */
export interface OpenedAccessToken {
  readonly id: string;
  readonly signingInput: Uint8Array;
}

/**
 * Opens an access token (RFC 9068) that one of `keys` signed for `issuer`; null for whatever is not one, however it fails.
 * Whether it is still alive is not a question of the token.
 */
export function openAccessToken(
  token: string,
  issuer: string,
  keys: readonly Readonly<Record<string, string>>[],
): OpenedAccessToken | null {
  try {
    const jws = parseCompactJws(token, false);
    checkTokenType(jws.header.typ, ['at+jwt']);
    checkAlgorithm(jws.header.alg, ['ES256']);
    const { jti, iss } = jws.payload;
    const key = keys.find(({ kid }) => kid === jws.header.kid);
    const imported = key === undefined ? null : importIfFit(key);
    if (imported === null || !fits(imported, jws.header.alg) || typeof jti !== 'string' || iss !== issuer)
      return null;
    verifyJwsSignature(jws, imported);
    return { id: jti, signingInput: jws.signingInput };
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}

/**
 * The `iss` of a token nobody has verified: only to find which anchor to verify it with. A JWT-SVID needs none; it is of
 * the trust domain that its `sub` names (`spiffe://acme.example`). Null where neither can be read.
 */
export function untrustedIssuer(token: string): string | null {
  try {
    const { iss, sub } = peekCompactJws(token).payload;
    if (iss !== undefined) return typeof iss === 'string' ? iss : null;
    const id = typeof sub === 'string' ? parseSpiffeId(sub) : null;
    return id === null ? null : `spiffe://${id.trustDomain}`;
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}
