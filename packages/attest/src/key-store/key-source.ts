import type { Anchor } from '@writ/core';
import type { VerificationKey } from '../jws/jwk.ts';

/** Where an issuer's keys come from. */
export interface KeySource {
  /**
   * The one key of `anchor.issuer` with that `kid` and for that algorithm. `now` in milliseconds.
   * @throws EvidenceError `key` when there is none or more than one, `unavailable` when the issuer cannot be asked
   */
  find(anchor: Anchor, kid: string, alg: string, now: number): Promise<VerificationKey>;
}
