import type { RecordAssertion } from './record.ts';

/** What an assertion must be of. */
export interface ExpectedAssertion {
  /** 32 bytes. */
  readonly challenge: Uint8Array;
  readonly origin: string;
  readonly rpId: string;
}

/**
 * Whether a WebAuthn assertion was made by the holder of this key, with user verification, over this challenge and for
 * this origin and relying party. Given by the caller; it answers and does not throw. Web Authentication Level 3 §7.2.
 */
export type VerifyAssertion = (
  publicJwk: Readonly<Record<string, string>>,
  expected: ExpectedAssertion,
  assertion: RecordAssertion,
) => boolean;
