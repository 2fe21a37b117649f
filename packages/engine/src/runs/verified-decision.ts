import type { Approval, Decision } from '@writ/core';

/** A decision of a person that stands in the ledger; an approval or confirmation was signed with a passkey that does. */
export interface VerifiedDecision {
  readonly index: number;
  readonly run: string;
  readonly identity: string;
  readonly decision: Decision;
  readonly rule: string;
  readonly person: string;
  /** what was signed, hexadecimal; of a denial, the plan */
  readonly digest: string;
  readonly envelope: Approval['envelope'];
  /** milliseconds since the epoch */
  readonly at: number;
  readonly reason: string | null;
}
