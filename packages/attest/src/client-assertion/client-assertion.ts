import { hash } from 'node:crypto';
import { EvidenceError } from '../evidence-error.ts';
import { parseCompactJws, type UntrustedJws } from '../jws/compact-jws.ts';
import { fits, importIfFit, importJwk, type VerificationKey } from '../jws/jwk.ts';
import { checkSoleAudience } from '../jws/sole-audience.ts';
import { isStrictObject, parseStrictJson, type StrictObject } from '../jws/strict-json.ts';
import { checkNotBefore, checkNotExpired, readTime, requireTime } from '../jws/time-claims.ts';
import { requireTokenId } from '../jws/token-id.ts';
import { checkTokenType } from '../jws/token-type.ts';
import { checkAlgorithm, verifyJwsSignature } from '../jws/verify-jws.ts';

/** `token_endpoint_auth_signing_alg_values_supported` unless a deployment lists others. */
export const CLIENT_ASSERTION_ALGORITHMS: readonly string[] = ['ES256', 'Ed25519', 'EdDSA', 'RS256', 'PS256'];

/** Seconds from now to `exp` at most. */
const LONGEST_LIFE = 5 * 60;
/** Keys of one client that are tried at most. */
const MOST_KEYS = 16;

export interface ClientAssertionExpectation {
  /** our issuer identifier: the only audience accepted, never the URL of an endpoint (rfc7523bis) */
  readonly issuer: string;
  /** the `client_id` parameter, or null when the request had none */
  readonly client: string | null;
  /** the registered public keys of a client, as JSON texts of JWKs; empty for a client that is not known */
  readonly keysOf: (client: string) => Promise<readonly string[]>;
  /** milliseconds since the epoch */
  readonly now: number;
  /** default `CLIENT_ASSERTION_ALGORITHMS` */
  readonly algorithms?: readonly string[] | undefined;
}

export interface ClientAssertion {
  readonly client: string;
  readonly jti: string;
  /** SHA-256 of the signing input, hexadecimal */
  readonly digest: string;
  /** RFC 7638 thumbprint of the key that signed */
  readonly thumbprint: string;
  /** to be spent once, until `replayUntil`; of bounded length */
  readonly replayKey: string;
  /** milliseconds since the epoch */
  readonly replayUntil: number;
  /** `iat`, or when it was verified where it has none: milliseconds since the epoch */
  readonly issuedAt: number;
  /** milliseconds since the epoch */
  readonly expiresAt: number;
}

/** What is worth keeping of a client's public key beside its JWK. */
export interface ClientKey {
  /** RFC 7638, base64url: two clients must not register the same (P8) */
  readonly thumbprint: string;
  readonly kid: string | null;
}

/**
 * Checks a public JWK (JSON text) before it is registered for a client.
 * @throws EvidenceError `malformed` or `key`
 */
export function checkClientKey(text: string): ClientKey {
  const jwk = parseStrictJson(Buffer.from(text));
  if (!isStrictObject(jwk)) throw new EvidenceError('key', 'key must be a json object');
  const { thumbprint, kid } = importJwk(jwk);
  return { thumbprint, kid };
}

/**
 * A client authenticating by a signed assertion: RFC 7523 §3 as narrowed by rfc7523bis. It spends nothing: whoever
 * accepts must consume `replayKey` in the same commit.
 *
 * @throws EvidenceError; all of them are `invalid_client` to the caller
 */
export async function verifyClientAssertion(
  assertion: string,
  expected: ClientAssertionExpectation,
): Promise<ClientAssertion> {
  const { now, algorithms = CLIENT_ASSERTION_ALGORITHMS } = expected;
  const jws = parseCompactJws(assertion, false);
  const { header, payload, digest } = jws;
  checkAlgorithm(header.alg, algorithms);
  checkTokenType(header.typ, [null, 'JWT', 'client-authentication+jwt']);
  const client = clientOf(payload, expected.client);
  checkSoleAudience(payload, expected.issuer);
  const { exp, iat } = checkLifetime(payload, now);
  const jti = requireTokenId(payload);
  const thumbprint = verifyByOneOf(await keysOf(client, expected), jws);
  const replayKey = `client-assertion:${hash('sha256', client, 'base64url')}:${hash('sha256', jti, 'base64url')}`;
  // A minute more, for replicas whose clocks run behind.
  const times = { issuedAt: iat === null ? now : iat * 1000, expiresAt: exp * 1000 };
  return { client, jti, digest, thumbprint, replayKey, replayUntil: exp * 1000 + 60_000, ...times };
}

/** RFC 7523 §3 (1) and (2): `iss` and `sub` are the client, and the one that the request names. */
function clientOf({ iss, sub }: StrictObject, expected: string | null): string {
  if (typeof iss !== 'string' || iss === '') {
    throw new EvidenceError('issuer', '`iss` must be the client', { claim: 'iss', value: iss });
  }
  if (sub !== iss || (expected !== null && sub !== expected)) {
    throw new EvidenceError('claim', '`sub` must be the client, as `iss` is', { claim: 'sub', value: sub });
  }
  return iss;
}

/** RFC 7523 §3 (4) to (6). Seconds. */
function checkLifetime(payload: StrictObject, now: number): { exp: number; iat: number | null } {
  const exp = requireTime(payload, 'exp');
  checkNotExpired(exp, now);
  const iat = readTime(payload, 'iat');
  checkNotBefore('iat', iat, now);
  checkNotBefore('nbf', readTime(payload, 'nbf'), now);
  if (exp * 1000 > now + LONGEST_LIFE * 1000) {
    throw new EvidenceError('claim', 'assertion lives longer than 5 minutes', { claim: 'exp', value: exp });
  }
  return { exp, iat };
}

async function keysOf(
  client: string,
  { keysOf: registered }: ClientAssertionExpectation,
): Promise<readonly VerificationKey[]> {
  const texts = (await registered(client)).slice(0, MOST_KEYS);
  return texts.map((text) => importIfFit(parseStrictJson(Buffer.from(text)))).filter((key) => key !== null);
}

/** Thumbprint of the key that signed: of those for the algorithm, and of that name when the assertion names one. */
function verifyByOneOf(keys: readonly VerificationKey[], jws: UntrustedJws): string {
  const { alg, kid } = jws.header;
  const fitting = keys.filter((key) => fits(key, alg) && (kid === null || key.kid === kid));
  let failure = new EvidenceError('key', 'client has no such key', { claim: 'kid', value: kid });
  for (const key of fitting) {
    try {
      verifyJwsSignature(jws, key);
      return key.thumbprint;
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      failure = error;
    }
  }
  throw failure;
}
