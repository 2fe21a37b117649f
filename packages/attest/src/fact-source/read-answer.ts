import type { HttpSource, Observation } from '@writ/core';
import { EvidenceError } from '../evidence-error.ts';
import type { Document } from '../fetch/get-document.ts';
import { parseCompactJws, requireKid } from '../jws/compact-jws.ts';
import { checkSoleAudience } from '../jws/sole-audience.ts';
import { isStrictObject, parseStrictJson, type StrictJson, type StrictObject } from '../jws/strict-json.ts';
import { checkNotBefore, checkNotExpired, readTime, requireTime } from '../jws/time-claims.ts';
import { checkTokenType } from '../jws/token-type.ts';
import { checkAlgorithm, verifyJwsSignature } from '../jws/verify-jws.ts';
import { findKey, keySetOf } from '../key-store/key-set.ts';
import { factValue } from './fact-value.ts';

/** What was asked. */
export interface Question {
  readonly source: HttpSource;
  /** the exact URL */
  readonly url: string;
  /** who asks: our issuer identifier */
  readonly issuer: string;
  /** when it was asked, milliseconds since the epoch */
  readonly now: number;
}

export interface Answer {
  readonly observation: Observation;
  /** from when on it may not be given again, milliseconds since the epoch */
  readonly until: number;
}

const SIGNED = 'application/jwt';
const PLAIN = 'application/json';
const ALGORITHMS: readonly string[] = ['ES256', 'RS256', 'EdDSA', 'Ed25519'];
/** `iss` and `jti` are taken for what they are: of no use here. */
const CLAIMS: readonly string[] = ['iss', 'aud', 'sub', 'iat', 'exp', 'value', 'jti'];
const MEMBERS: readonly string[] = ['value', 'iat'];

/** The media type that an answer of this source must have. */
export function mediaTypeOf({ keys }: HttpSource): string {
  return keys === null ? PLAIN : SIGNED;
}

/**
 * What a source answered, checked. It counts as observed when it was asked or when it was made, whichever is earlier, so
 * that an old answer is an old fact.
 *
 * @throws EvidenceError
 */
export function readAnswer(document: Document, question: Question): Answer {
  const { source, now } = question;
  const mediaType = mediaTypeOf(source);
  if ((document.contentType.split(';')[0] ?? '').trim().toLowerCase() !== mediaType) {
    throw new EvidenceError('malformed', `the answer must be of type ${mediaType}`);
  }
  const { given, iat, exp } =
    source.keys === null ? readPlain(document.body) : readSigned(document.body, question);
  const value = given === undefined ? undefined : factValue(given, source.type);
  if (value === undefined) {
    throw new EvidenceError('claim', '`value` is not of the type that the source declares', {
      claim: 'value',
    });
  }
  const observedAt = Math.min(now, iat === null ? now : iat * 1000);
  const reuse = observedAt + source.maxAge * 1000;
  return { observation: { value, observedAt }, until: exp === null ? reuse : Math.min(reuse, exp * 1000) };
}

interface Said {
  readonly given: StrictJson | undefined;
  /** seconds since the epoch, or null where nothing is said */
  readonly iat: number | null;
  readonly exp: number | null;
}

/** A JSON object with `value` and at most `iat`. The channel is all that vouches for it. */
function readPlain(body: Buffer): Said {
  const said = parseStrictJson(body);
  if (!isStrictObject(said)) throw new EvidenceError('malformed', 'answer is not a json object');
  checkMembers(said, MEMBERS);
  return { given: said['value'], iat: readTime(said, 'iat'), exp: null };
}

/**
 * A compact JWS of type `writ-fact+jwt` by one of the source's keys, made for us and for this question: `sub` is the URL
 * that was asked, so that what was said about one identity is not said about another.
 */
function readSigned(body: Buffer, { source, url, issuer, now }: Question): Said {
  const jws = parseCompactJws(body.toString('latin1'), false);
  const { header, payload } = jws;
  checkAlgorithm(header.alg, ALGORITHMS);
  checkTokenType(header.typ, ['writ-fact+jwt']);
  verifyJwsSignature(jws, findKey(keySetOf(source.keys ?? []), requireKid(jws), header.alg));
  checkMembers(payload, CLAIMS);
  checkSoleAudience(payload, issuer);
  if (payload['sub'] !== url) {
    throw new EvidenceError('claim', '`sub` must be the url that was asked', { claim: 'sub' });
  }
  const [iat, exp] = [requireTime(payload, 'iat'), requireTime(payload, 'exp')];
  checkNotBefore('iat', iat, now);
  checkNotExpired(exp, now);
  return { given: payload['value'], iat, exp };
}

function checkMembers(said: StrictObject, known: readonly string[]): void {
  const unknown = Object.keys(said).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new EvidenceError('claim', 'answer has a member that is not known here', { claim: unknown });
  }
}
