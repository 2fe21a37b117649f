import { type Anchor, type Evidence, type EvidenceRole, parseSpiffeId, trustDomainOf } from '@writ/core';
import type { KindAttestor } from '../attestor.ts';
import { normaliseClaims } from '../claims/normalise-claims.ts';
import { EvidenceError } from '../evidence-error.ts';
import { parseCompactJws, requireKid, type UntrustedJws } from '../jws/compact-jws.ts';
import type { Uses } from '../jws/jwk.ts';
import { checkSoleAudience } from '../jws/sole-audience.ts';
import type { StrictObject } from '../jws/strict-json.ts';
import { checkNotBefore, checkNotExpired, readTime, requireTime } from '../jws/time-claims.ts';
import { checkTokenType } from '../jws/token-type.ts';
import { checkUnconditional } from '../jws/unconditional.ts';
import { checkAlgorithm, verifyJwsSignature } from '../jws/verify-jws.ts';
import type { KeySource } from '../key-store/key-source.ts';
import { createKeyStore, type KeyStoreOptions } from '../key-store/key-store.ts';

const KIND = 'spiffe';

/** Seconds from the start of an SVID's life to `exp` at most. */
const LONGEST_LIFE = 24 * 60 * 60;

/** JWT-SVID §2.1, as far as they are verified here. */
const ALGORITHMS: readonly string[] = ['RS256', 'RS384', 'PS256', 'ES256', 'ES384'];

/** What can be checked without keys, in this order. Nothing is fetched for a token that fails one. */
const BEFORE_KEYS: readonly ((jws: UntrustedJws, anchor: Anchor, now: number) => void)[] = [
  (jws) => checkHeader(jws),
  ({ header }) => checkAlgorithm(header.alg, ALGORITHMS),
  ({ header }, anchor) => checkAlgorithm(header.alg, anchor.algorithms),
  ({ header }) => checkTokenType(header.typ, [null, 'JWT', 'JOSE']),
  ({ payload }, anchor) => checkIssuer(payload, anchor),
  ({ payload }, anchor) => checkSubject(payload, anchor),
  ({ payload }, anchor) => checkSoleAudience(payload, anchor.audience),
  ({ payload }, _, now) => checkLifetime(payload, now),
  ({ payload }) => checkUnconditional(payload),
];

/** The attestor of JWT-SVIDs: anchors of kind `spiffe`, each for the one trust domain that its name says. */
export function createSpiffeAttestor(keys: KeySource): KindAttestor {
  return {
    kinds: [KIND],
    async verify(token: string, anchor: Anchor, role: EvidenceRole, now: number): Promise<Evidence> {
      const jws = parseCompactJws(token, false);
      for (const check of BEFORE_KEYS) check(jws, anchor, now);
      verifyJwsSignature(jws, await keys.find(anchor, requireKid(jws), jws.header.alg, now));
      return evidenceOf(jws, anchor, role);
    },
  };
}

/**
 * Keys of trust domains. A bundle (`jwksUri`) holds keys for other kinds of SVIDs too: those for JWT-SVIDs say so, and no
 * other counts (SPIFFE Trust Domain and Bundle §4.2.2). What an issuer's discovery leads to is a plain key set.
 */
export function createBundleStore(options: Omit<KeyStoreOptions, 'uses'> = {}): KeySource {
  return createKeyStore({ ...options, uses: ({ jwksUri }) => (jwksUri === null ? PLAIN : BUNDLE) });
}

const BUNDLE: Uses = ['jwt-svid'];
const PLAIN: Uses = [undefined, 'sig', 'jwt-svid'];

/** JWT-SVID §2: no header but these. @throws EvidenceError `malformed` */
function checkHeader({ header }: UntrustedJws): void {
  const [other] = header.others;
  if (other !== undefined) {
    throw new EvidenceError('malformed', 'token must have no header but `alg`, `kid` and `typ`', {
      claim: other,
    });
  }
}

/** An SVID needs no issuer; one that names it names the anchor's. @throws EvidenceError `issuer` */
function checkIssuer({ iss }: StrictObject, anchor: Anchor): void {
  if (iss !== undefined && (iss === '' || iss !== anchor.issuer)) {
    throw new EvidenceError('issuer', '`iss` is not the issuer of this anchor', { claim: 'iss', value: iss });
  }
}

/** JWT-SVID §3.1: a SPIFFE ID; and of no other trust domain than the anchor's (S4). @throws EvidenceError `claim` */
function checkSubject({ sub }: StrictObject, anchor: Anchor): void {
  const id = typeof sub === 'string' ? parseSpiffeId(sub) : null;
  if (id === null) throw new EvidenceError('claim', '`sub` is not a SPIFFE ID', { claim: 'sub', value: sub });
  if (id.trustDomain !== trustDomainOf(anchor)) {
    throw new EvidenceError('claim', '`sub` is of another trust domain than this anchor', {
      claim: 'sub',
      value: sub,
    });
  }
}

/** @throws EvidenceError `expired`, `not-yet-valid`, or `claim` */
function checkLifetime(payload: StrictObject, now: number): void {
  const exp = requireTime(payload, 'exp');
  checkNotExpired(exp, now);
  checkNotBefore('iat', readTime(payload, 'iat'), now);
  checkNotBefore('nbf', readTime(payload, 'nbf'), now);
  if (exp - startOf(payload) > LONGEST_LIFE || exp * 1000 > now + LONGEST_LIFE * 1000) {
    throw new EvidenceError('claim', 'token lives longer than a day', { claim: 'exp', value: exp });
  }
}

/**
 * Seconds since the epoch at which an SVID counts as issued: `iat`, which is optional; else `nbf`, before which nobody
 * could use it; else as early as a life of a day allows, so that what does not say its age is not taken for fresh.
 */
function startOf(payload: StrictObject): number {
  return readTime(payload, 'iat') ?? readTime(payload, 'nbf') ?? requireTime(payload, 'exp') - LONGEST_LIFE;
}

/** `tokenId` is null whatever `jti` says: one SVID is handed out repeatedly (S11). */
function evidenceOf({ payload, digest }: UntrustedJws, anchor: Anchor, role: EvidenceRole): Evidence {
  return {
    anchor: anchor.name,
    role,
    issuer: anchor.issuer === '' ? `spiffe://${trustDomainOf(anchor) ?? ''}` : anchor.issuer,
    tokenId: null,
    digest,
    assurance: anchor.assurance,
    claims: normaliseClaims(payload, anchor.claims),
    issuedAt: startOf(payload) * 1000,
    expiresAt: requireTime(payload, 'exp') * 1000,
  };
}
