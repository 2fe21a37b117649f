import { hash } from 'node:crypto';
import { EvidenceError } from '../evidence-error.ts';
import { parseCompactJws, type UntrustedJws } from '../jws/compact-jws.ts';
import { importJwk } from '../jws/jwk.ts';
import type { StrictObject } from '../jws/strict-json.ts';
import { requireTime } from '../jws/time-claims.ts';
import { requireTokenId } from '../jws/token-id.ts';
import { checkTokenType } from '../jws/token-type.ts';
import { checkAlgorithm, verifyJwsSignature } from '../jws/verify-jws.ts';
import { DpopError } from './dpop-error.ts';
import { normaliseTargetUri } from './target-uri.ts';

export { createDpopNonces, type DpopNonces } from './nonce.ts';

/** `dpop_signing_alg_values_supported` unless a deployment lists others. */
export const DPOP_ALGORITHMS: readonly string[] = ['ES256', 'Ed25519', 'EdDSA'];

/** Milliseconds a proof's `iat` may differ from our clock, either way. */
const WINDOW = 60_000;

export interface DpopRequest {
  /** the values of all `DPoP` headers, one each, uncombined */
  readonly proofs: readonly string[];
  readonly method: string;
  /** as configured, never put together from `Host` or forwarded headers (D12) */
  readonly url: string;
  /** milliseconds since the epoch */
  readonly now: number;
  /** whether a nonce is one of ours and current; null where no nonce is demanded */
  readonly nonce: ((nonce: string) => boolean) | null;
  /** the access token sent along; its hash is then required in the proof */
  readonly accessToken?: string | undefined;
  /** default `DPOP_ALGORITHMS` */
  readonly algorithms?: readonly string[] | undefined;
}

export interface DpopProof {
  /** RFC 7638, base64url: `cnf.jkt` of what is bound to this key */
  readonly thumbprint: string;
  readonly jwk: StrictObject;
  readonly jti: string;
  /** milliseconds since the epoch */
  readonly issuedAt: number;
  /** SHA-256 of the signing input, hexadecimal */
  readonly digest: string;
  /** to be spent once, until `replayUntil`; of bounded length, the same for every signature over this proof */
  readonly replayKey: string;
  /** milliseconds since the epoch: from then on no clock of ours within a minute accepts the proof */
  readonly replayUntil: number;
}

/**
 * Checks a DPoP proof: RFC 9449 §4.3, checks 1 to 12 in order, but that the signature (7) is verified after the other
 * checks of the header (8). It spends nothing: whoever accepts must consume `replayKey` in the same commit.
 *
 * @throws DpopError
 */
export function verifyDpopProof(request: DpopRequest): DpopProof {
  try {
    return verify(request);
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    throw new DpopError('invalid_dpop_proof', error.message, { cause: error });
  }
}

function verify(request: DpopRequest): DpopProof {
  const { now, algorithms = DPOP_ALGORITHMS } = request;
  const jws = parseCompactJws(soleProof(request.proofs), true); // 1, 2
  const { header, payload, digest } = jws;
  const jti = requireTokenId(payload); // 3
  const iat = requireTime(payload, 'iat') * 1000; // 3
  checkTokenType(header.typ, ['dpop+jwt']); // 4
  checkAlgorithm(header.alg, algorithms); // 5
  const { jwk, thumbprint } = verifyByOwnKey(jws); // 6, 7
  checkMethod(payload, request.method); // 8
  checkTarget(payload, request.url); // 9
  checkNonce(payload, request.nonce); // 10
  if (Math.abs(iat - now) > WINDOW) throw invalid('`iat` is not within a minute of now: check the clocks'); // 11
  checkAccessToken(payload, request.accessToken); // 12
  const replayKey = `dpop:${thumbprint}:${hash('sha256', jti, 'base64url')}`;
  return { thumbprint, jwk, jti, issuedAt: iat, digest, replayKey, replayUntil: iat + 2 * WINDOW };
}

/** Check 1. A list in one header, as some servers combine repeated ones, has no three parts and fails check 2. */
function soleProof(proofs: readonly string[]): string {
  const [proof] = proofs;
  if (proof === undefined || proofs.length > 1) throw invalid('send exactly one `DPoP` header');
  return proof;
}

/** Checks 6 and 7: signed by the public key in its own header, which holds no private member. */
function verifyByOwnKey(jws: UntrustedJws): { readonly jwk: StrictObject; readonly thumbprint: string } {
  const { jwk } = jws.header;
  if (jwk === null) throw invalid('`jwk` is missing');
  const key = importJwk(jwk);
  verifyJwsSignature(jws, key);
  return { jwk, thumbprint: key.thumbprint };
}

function checkMethod({ htm }: StrictObject, method: string): void {
  if (typeof htm !== 'string' || htm !== method) throw invalid('`htm` is not the method of this request');
}

function checkTarget({ htu }: StrictObject, url: string): void {
  if (typeof htu !== 'string') throw invalid('`htu` must be a text');
  const target = ownTarget(url);
  // The usual text is our own; any other is compared in its normal form.
  if (target === null || (htu !== target && normaliseTargetUri(htu) !== target))
    throw invalid('`htu` is not the url of this request');
}

/** The address of the endpoint that was asked last, which is configured and seldom another. */
let own: { readonly url: string; readonly target: string | null } | null = null;

function ownTarget(url: string): string | null {
  if (own?.url !== url) own = { url, target: normaliseTargetUri(url) };
  return own.target;
}

function checkNonce({ nonce }: StrictObject, isValid: DpopRequest['nonce']): void {
  if (nonce !== undefined && typeof nonce !== 'string') throw invalid('`nonce` must be a text');
  if (isValid === null) return;
  if (nonce === undefined || !isValid(nonce)) {
    throw new DpopError('use_dpop_nonce', 'repeat the request with the nonce of the `DPoP-Nonce` header');
  }
}

/** Check 12a. That the token is bound to this thumbprint (12b) is for whoever knows its `cnf`. */
function checkAccessToken({ ath }: StrictObject, accessToken: string | undefined): void {
  if (accessToken === undefined) return;
  if (typeof ath !== 'string' || ath !== hash('sha256', accessToken, 'base64url')) {
    throw invalid('`ath` is not the hash of the access token');
  }
}

function invalid(message: string): DpopError {
  return new DpopError('invalid_dpop_proof', message);
}
