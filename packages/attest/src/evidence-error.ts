/** Every reason an attestor refuses a token. Stable: programs may branch on it. */
export type EvidenceErrorCode =
  | 'malformed' // not a strictly encoded compact JWS
  | 'algorithm' // `alg` is not among those allowed here
  | 'key' // no key fits, or a key is unfit
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not-yet-valid'
  | 'claim' // a claim is missing, of another type, or contradicts another
  | 'type' // `typ` names another kind of token
  | 'unavailable' // the issuer's keys could not be had
  | 'unsupported'; // no attestor for this kind of anchor

/** Facts about a refusal. `value` is the caller's own, never the expected one (law 14). */
export interface EvidenceErrorFacts {
  /** name of the claim or header member */
  readonly claim?: string | undefined;
  readonly value?: unknown;
  readonly cause?: unknown;
}

const LONGEST_VALUE = 256;

/**
 * The only error attestors throw. `code` is for programs, `message` for operators; who else may see message, claim and
 * value is for the server to decide (law 14).
 */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
  readonly code: EvidenceErrorCode;
  readonly claim: string | undefined;
  /** the caller's own value as text, cut to 256 characters */
  readonly value: string | undefined;

  constructor(code: EvidenceErrorCode, message: string, facts: EvidenceErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.claim = facts.claim;
    this.value = textOf(facts.value);
  }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.slice(0, LONGEST_VALUE);
}
