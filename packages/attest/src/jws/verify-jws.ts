import { verify } from 'node:crypto';
import { EvidenceError } from '../evidence-error.ts';
import { algorithmOf } from './algorithms.ts';
import type { UntrustedJws } from './compact-jws.ts';
import { ecdsaToDer } from './ecdsa-signature.ts';
import { fits, type VerificationKey } from './jwk.ts';

/**
 * Verifies the signature of `jws` by `key` under the header's algorithm (RFC 7515 §5.2). That the algorithm is allowed
 * here is the caller's to check; that the key is for it is checked here.
 *
 * @throws EvidenceError `key` when the key is not for the algorithm, `signature` when it did not sign this
 */
export function verifyJwsSignature(jws: UntrustedJws, key: VerificationKey): void {
  const { alg } = jws.header;
  const algorithm = algorithmOf(alg);
  if (algorithm === undefined || !fits(key, alg)) {
    throw new EvidenceError('key', 'key is not for the algorithm of the token', { claim: 'alg', value: alg });
  }
  const { scalar, digest, padding } = algorithm;
  const signature = scalar === 0 ? jws.signature : ecdsaToDer(jws.signature, scalar);
  const material = padding === null ? key.key : { key: key.key, ...padding };
  if (signature === null || !verify(digest, jws.signingInput, material, signature)) {
    throw new EvidenceError('signature', 'signature is not by the key the token names');
  }
}

/**
 * Refuses an algorithm outside `allowed`; an empty list allows nothing (law 1).
 * @throws EvidenceError `algorithm`
 */
export function checkAlgorithm(alg: string, allowed: readonly string[]): void {
  if (!allowed.includes(alg) || algorithmOf(alg) === undefined) {
    throw new EvidenceError('algorithm', `algorithm \`${alg}\` is not allowed here`, {
      claim: 'alg',
      value: alg,
    });
  }
}
