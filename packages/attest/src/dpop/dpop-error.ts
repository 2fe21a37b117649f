/** RFC 9449 §5 and §8: what the answer to a proof that is not accepted is called. */
export type DpopErrorCode = 'invalid_dpop_proof' | 'use_dpop_nonce';

/**
 * The only error `verifyDpopProof` throws. `code` is the OAuth error; on `use_dpop_nonce` the answer must carry a fresh
 * nonce. `message` says what is wrong with the caller's own proof, without expected values.
 */
export class DpopError extends Error {
  override readonly name = 'DpopError';
  readonly code: DpopErrorCode;

  constructor(code: DpopErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
