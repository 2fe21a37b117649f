import type { Anchor, Evidence, EvidenceRole } from '@writ/core';
import type { KindAttestor } from '../attestor.ts';
import { normaliseClaims } from '../claims/normalise-claims.ts';
import { EvidenceError } from '../evidence-error.ts';
import { parseCompactJws, requireKid, type UntrustedJws } from '../jws/compact-jws.ts';
import { checkSoleAudience } from '../jws/sole-audience.ts';
import type { StrictObject } from '../jws/strict-json.ts';
import { checkNotBefore, checkNotExpired, readTime, requireTime } from '../jws/time-claims.ts';
import { readTokenId, requireTokenId } from '../jws/token-id.ts';
import { checkTokenType } from '../jws/token-type.ts';
import { checkUnconditional } from '../jws/unconditional.ts';
import { checkAlgorithm, verifyJwsSignature } from '../jws/verify-jws.ts';
import type { KeySource } from '../key-store/key-source.ts';
import { checkGithubActionsClaims } from './github-actions.ts';
import { checkGitlabCiClaims } from './gitlab-ci.ts';

export type { KeySource } from '../key-store/key-source.ts';
export { createKeyStore, type KeyStoreOptions } from '../key-store/key-store.ts';

/** Seconds between `iat` and `exp` at most: a longer-lived token is a password. */
const LONGEST_LIFE = 24 * 60 * 60;

/** Kinds of anchors this attestor knows, with what else must hold of their claims. */
const KINDS: ReadonlyMap<string, (payload: StrictObject) => void> = new Map([
  ['github-actions', checkGithubActionsClaims],
  ['gitlab-ci', checkGitlabCiClaims],
  ['oidc', () => undefined],
]);

/** What can be checked without the issuer's keys, in this order. Nothing is fetched for a token that fails one. */
const BEFORE_KEYS: readonly ((jws: UntrustedJws, anchor: Anchor, now: number) => void)[] = [
  ({ header }, anchor) => checkAlgorithm(header.alg, anchor.algorithms),
  ({ header }) => checkTokenType(header.typ, [null, 'JWT']),
  ({ payload }, anchor) => checkIssuer(payload, anchor),
  ({ payload }, anchor) => checkSoleAudience(payload, anchor.audience),
  ({ payload }, _, now) => checkLifetime(payload, now),
  ({ payload }) => checkUnconditional(payload),
];

/** The attestor of OpenID Connect tokens that machines are given: anchors of kind `github-actions`, `gitlab-ci`, `oidc`. */
export function createOidcAttestor(keys: KeySource): KindAttestor {
  return {
    kinds: [...KINDS.keys()],
    async verify(token: string, anchor: Anchor, role: EvidenceRole, now: number): Promise<Evidence> {
      const checkKind = KINDS.get(anchor.kind);
      if (checkKind === undefined) {
        throw new EvidenceError('unsupported', `no attestor for anchors of kind \`${anchor.kind}\``);
      }
      const jws = parseCompactJws(token, false);
      for (const check of BEFORE_KEYS) check(jws, anchor, now);
      verifyJwsSignature(jws, await keys.find(anchor, requireKid(jws), jws.header.alg, now));
      checkKind(jws.payload);
      return evidenceOf(jws, anchor, role);
    },
  };
}

/** OpenID Connect Core §3.1.3.7: exactly the issuer, no slash more or less. @throws EvidenceError `issuer` */
function checkIssuer({ iss }: StrictObject, anchor: Anchor): void {
  if (typeof iss !== 'string' || iss === '' || iss !== anchor.issuer) {
    throw new EvidenceError('issuer', '`iss` is not the issuer of this anchor', { claim: 'iss', value: iss });
  }
}

/** @throws EvidenceError `expired`, `not-yet-valid`, or `claim` */
function checkLifetime(payload: StrictObject, now: number): void {
  const exp = requireTime(payload, 'exp');
  const iat = requireTime(payload, 'iat');
  checkNotExpired(exp, now);
  checkNotBefore('iat', iat, now);
  checkNotBefore('nbf', readTime(payload, 'nbf'), now);
  if (exp - iat > LONGEST_LIFE) {
    throw new EvidenceError('claim', 'token lives longer than a day', { claim: 'exp', value: exp });
  }
}

function evidenceOf({ payload, digest }: UntrustedJws, anchor: Anchor, role: EvidenceRole): Evidence {
  return {
    anchor: anchor.name,
    role,
    issuer: anchor.issuer,
    tokenId: anchor.replay === 'once' ? requireTokenId(payload) : readTokenId(payload),
    digest,
    assurance: anchor.assurance,
    claims: normaliseClaims(payload, anchor.claims),
    issuedAt: requireTime(payload, 'iat') * 1000,
    expiresAt: requireTime(payload, 'exp') * 1000,
  };
}
