import { EvidenceError } from '../evidence-error.ts';
import { importJwk, type VerificationKey } from '../jws/jwk.ts';
import type { CborMap } from './cbor.ts';
import { isSmallOrder } from './small-order.ts';

/** A credential's public key, fit to verify signatures. */
export interface CredentialKey {
  /** COSE algorithm: -7, -8 or -257 */
  readonly alg: number;
  /** required members alone (RFC 7638 §3.2) */
  readonly jwk: Readonly<Record<string, string>>;
  readonly key: VerificationKey;
}

/** How a COSE_Key (RFC 9052 §7, RFC 9053 §7, RFC 8230 §4) of one algorithm is a JWK. */
interface Shape {
  readonly fixed: Readonly<Record<string, string>>;
  /** labels whose value is known beforehand: key type, curve */
  readonly known: ReadonlyMap<number, number>;
  /** labels of byte strings, by the JWK member they become */
  readonly bytes: Readonly<Record<string, number>>;
}

const ALG = 3;

/** What is asked for in `pubKeyCredParams`, and all that is accepted (section 5.8.5). */
const SHAPES: ReadonlyMap<number, Shape> = new Map<number, Shape>([
  [-7, { fixed: { kty: 'EC', crv: 'P-256' }, known: labels(2, 1), bytes: { x: -2, y: -3 } }],
  [-8, { fixed: { kty: 'OKP', crv: 'Ed25519' }, known: labels(1, 6), bytes: { x: -2 } }],
  [-257, { fixed: { kty: 'RSA' }, known: labels(3, null), bytes: { n: -1, e: -2 } }],
]);

function labels(kty: number, crv: number | null): ReadonlyMap<number, number> {
  return new Map(
    crv === null
      ? [[1, kty]]
      : [
          [1, kty],
          [-1, crv],
        ],
  );
}

/**
 * The public key of a new credential: ES256 on P-256 uncompressed, Ed25519, or RS256 of 2048 bits or more; the members
 * its algorithm requires and no other (section 6.5.1.1); a point of its curve.
 *
 * @throws EvidenceError `algorithm` or `key`
 */
export function importCoseKey(cose: CborMap): CredentialKey {
  const alg = cose.get(ALG);
  const shape = typeof alg === 'number' ? SHAPES.get(alg) : undefined;
  if (typeof alg !== 'number' || shape === undefined) {
    throw new EvidenceError('algorithm', 'passkey is not of ES256, EdDSA or RS256', {
      claim: 'alg',
      value: typeof alg === 'number' ? alg : undefined,
    });
  }
  const members = Object.entries(shape.bytes);
  if (cose.size !== 1 + shape.known.size + members.length) throw unfit('lacks a member or has one too many');
  for (const [label, value] of shape.known) {
    if (cose.get(label) !== value) throw unfit('is of a type or curve that is not of its algorithm');
  }
  const jwk: Record<string, string> = { ...shape.fixed };
  for (const [name, label] of members) jwk[name] = encode(cose, label);
  const key = importJwk(jwk);
  if (isSmallOrder(jwk)) throw unfit('is one that anybody can sign for');
  return { alg, jwk, key };
}

function encode(cose: CborMap, label: number): string {
  const value = cose.get(label);
  if (!Buffer.isBuffer(value)) throw unfit(`needs bytes as its member ${label}`);
  return value.toString('base64url');
}

function unfit(why: string): EvidenceError {
  return new EvidenceError('key', `key of the passkey ${why}`);
}
