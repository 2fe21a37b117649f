import { hash } from 'node:crypto';
import { EvidenceError } from '../evidence-error.ts';
import { decodeBase64url } from './base64url.ts';
import { isStrictObject, parseStrictJson, type StrictObject } from './strict-json.ts';

/** A JWS whose bytes are known to have one spelling. Nothing about it is verified yet. */
export interface UntrustedJws {
  readonly header: JoseHeader;
  readonly payload: StrictObject;
  /** ASCII of `header.payload` as received */
  readonly signingInput: Buffer;
  readonly signature: Buffer;
  /** SHA-256 of the signing input, hexadecimal: the same for every signature over it (law 10) */
  readonly digest: string;
}

export interface JoseHeader {
  readonly alg: string;
  /** null when absent */
  readonly typ: string | null;
  readonly kid: string | null;
  /** a public key offered by the token itself: only a DPoP proof may */
  readonly jwk: StrictObject | null;
  /** names of the members that are none of these */
  readonly others: readonly string[];
}

/** Characters, which are bytes once the alphabet is checked. */
export const LONGEST_JWS: number = 16 * 1024;
const LONGEST_NAME = 256;
/** Members that have a place of their own in a header that was read. */
const READ: readonly string[] = ['alg', 'typ', 'kid', 'jwk'];
/** A key's place or bytes offered by whoever wants to be believed (RFC 8725 §3.10), and extensions nobody here speaks. */
const NEVER: readonly string[] = ['jku', 'x5u', 'x5c', 'crit', 'b64'];

/**
 * A JWS in compact serialisation (RFC 7515 §7.1), strictly: at most 16 KiB, three canonical base64url parts, JSON of
 * one reading. `offersKey` says whether the header may carry `jwk` (RFC 9449 §4.2); otherwise it must not.
 *
 * @throws EvidenceError `malformed`
 */
export function parseCompactJws(text: string, offersKey: boolean): UntrustedJws {
  if (!offersKey && peeked?.text === text) {
    const { jws } = peeked;
    peeked = null;
    return jws;
  }
  if (text.length > LONGEST_JWS) throw malformed(`is longer than ${LONGEST_JWS} characters`);
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  if (first < 0 || second < 0 || text.includes('.', second + 1)) throw malformed('does not have three parts');
  const header = readPart(text.slice(0, first), 'header');
  const payload = readPart(text.slice(first + 1, second), 'payload');
  const signature = decodeBase64url(text.slice(second + 1));
  if (signature === null || signature.length === 0) throw malformed('has a signature that is not base64url');
  const signingInput = Buffer.from(text.slice(0, second), 'latin1');
  return {
    header: readHeader(header, offersKey),
    payload,
    signingInput,
    signature,
    digest: hash('sha256', signingInput, 'hex'),
  };
}

/** The key that the token names. @throws EvidenceError `key` when it names none */
export function requireKid({ header }: UntrustedJws): string {
  if (header.kid === null)
    throw new EvidenceError('key', 'token names no key: `kid` is missing', { claim: 'kid' });
  return header.kid;
}

/** The token that was looked into last: whoever asks who issued it verifies it next. A reading depends on nothing but the text. */
let peeked: { readonly text: string; readonly jws: UntrustedJws } | null = null;

/** Parses a token and keeps the reading for whoever parses the same text next. @throws EvidenceError `malformed` */
export function peekCompactJws(text: string): UntrustedJws {
  const jws = parseCompactJws(text, false);
  peeked = { text, jws };
  return jws;
}

function readPart(text: string, part: string): StrictObject {
  const bytes = decodeBase64url(text);
  if (bytes === null) throw malformed(`has a ${part} that is not base64url without padding`);
  const value = parseStrictJson(bytes);
  if (!isStrictObject(value)) throw malformed(`has a ${part} that is not a json object`);
  return value;
}

function readHeader(header: StrictObject, offersKey: boolean): JoseHeader {
  for (const name of NEVER) {
    if (header[name] !== undefined) throw malformed(`must not have \`${name}\` in its header`, name);
  }
  const { jwk } = header;
  if (jwk !== undefined && !(offersKey && isStrictObject(jwk))) {
    throw malformed('must not have `jwk` in its header', 'jwk');
  }
  const alg = readName(header, 'alg');
  if (alg === null) throw malformed('has no `alg`', 'alg');
  const others = Object.keys(header).filter((name) => !READ.includes(name));
  return { alg, typ: readName(header, 'typ'), kid: readName(header, 'kid'), jwk: jwk ?? null, others };
}

function readName(header: StrictObject, name: string): string | null {
  const value = header[name];
  if (value === undefined) return null;
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_NAME) {
    throw malformed(`has a \`${name}\` that is not a text of 1 to ${LONGEST_NAME} characters`, name);
  }
  return value;
}

function malformed(why: string, claim?: string): EvidenceError {
  return new EvidenceError('malformed', `token ${why}`, { claim });
}
