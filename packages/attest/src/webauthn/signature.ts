import { hash, verify } from 'node:crypto';
import { EvidenceError } from '../evidence-error.ts';
import { algorithmOf } from '../jws/algorithms.ts';
import { fits, type VerificationKey } from '../jws/jwk.ts';

/** The one algorithm of each type of key that a passkey may have (section 5.8.5). */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['EC', 'ES256'],
  ['OKP', 'EdDSA'],
  ['RSA', 'RS256'],
]);

/** What an authenticator signed. */
export interface Signed {
  readonly authenticatorData: Buffer;
  readonly clientData: Buffer;
  /** ECDSA: DER (section 6.5.5) */
  readonly signature: Buffer;
}

/**
 * Verifies a signature over authenticator data ‖ SHA-256(client data), sections 6.3.3 and 7.2.
 * @throws EvidenceError `key` when the key is of none of the algorithms, `signature` when it did not sign this
 */
export function checkSignature(
  key: VerificationKey,
  { authenticatorData, clientData, signature }: Signed,
): void {
  const alg = ALGORITHMS.get(key.kty);
  const algorithm = alg === undefined ? undefined : algorithmOf(alg);
  if (alg === undefined || algorithm === undefined || !fits(key, alg)) {
    throw new EvidenceError('key', 'key is not of an algorithm of passkeys: use P-256, Ed25519 or RSA');
  }
  const message = Buffer.concat([authenticatorData, hash('sha256', clientData, 'buffer')]);
  if (!verify(algorithm.digest, message, key.key, signature)) {
    throw new EvidenceError('signature', 'signature is not by the passkey that was named');
  }
}
