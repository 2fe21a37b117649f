import { WritError } from './errors.ts';

/**
 * Permission to sign, as a value (law 5). It is made by `prepare()`, names its key, and is spent by the first attempt to
 * sign with it, whatever comes of that: a lost answer is a new issuance.
 */
export class Prepared<Plan> {
  readonly kid: string;
  /** exactly the bytes whose digest the ledger holds */
  readonly toBeSigned: Uint8Array;
  readonly tbsDigest: Uint8Array;
  readonly plan: Plan;
  #spent = false;

  constructor(parts: { kid: string; toBeSigned: Uint8Array; tbsDigest: Uint8Array; plan: Plan }) {
    this.kid = parts.kid;
    this.toBeSigned = parts.toBeSigned;
    this.tbsDigest = parts.tbsDigest;
    this.plan = parts.plan;
  }

  /** @throws WritError `conflict` the second time */
  spend(): void {
    if (this.#spent) throw new WritError('conflict', 'this permission to sign is spent');
    this.#spent = true;
  }
}
