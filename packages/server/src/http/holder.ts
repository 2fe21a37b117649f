import type { IncomingMessage } from 'node:http';
import { DpopError, type DpopNonces, verifyDpopProof } from '@writ/attest';
import type { Consume, Holder } from '@writ/core';
import { OAuthError } from './oauth-error.ts';

export interface ProvenHolder {
  readonly key: Holder;
  /** the proof's own single use, to be spent by the commit that rests on it */
  readonly proof: Consume;
}

/**
 * The key a request proves possession of (RFC 9449 §4.3), or null when it tries to prove none. `url` is ours as
 * configured: no header of the request has a say in it (D12).
 * @throws OAuthError `invalid_dpop_proof`, `use_dpop_nonce`
 */
export function holderOf(
  request: IncomingMessage,
  url: string,
  nonces: DpopNonces,
  now: number,
  accessToken?: string,
): ProvenHolder | null {
  const proofs = request.headersDistinct['dpop'] ?? [];
  if (proofs.length === 0) return null;
  try {
    const nonce = (value: string): boolean => nonces.isValidNonce(value, now);
    const base = { proofs, method: request.method ?? '', url, now, nonce };
    const proof = verifyDpopProof(accessToken === undefined ? base : { ...base, accessToken });
    return {
      key: { pop: 'dpop', thumbprint: proof.thumbprint },
      proof: { key: proof.replayKey, holder: null, until: proof.replayUntil },
    };
  } catch (error) {
    if (error instanceof DpopError) throw new OAuthError(error.code, error.message);
    throw error;
  }
}
