import type { AttributeType } from './value.ts';

/** 1 asserted, 2 signed by an anchor, 3 hardware-bound. */
export type Assurance = 1 | 2 | 3;

/** A claim as a trust anchor declares it. */
export interface ClaimType {
  readonly type: AttributeType;
  readonly required: boolean;
  /** an immutable id: only who matches it is told why a later rule refused (law 14) */
  readonly identifies: boolean;
  /** the token's own name for it where that differs: a claim `subject` is often taken from `sub` */
  readonly from?: string | undefined;
}

export type ClaimSchema = Readonly<Record<string, ClaimType>>;

/** A configured source whose evidence is believed. */
export interface Anchor {
  /** `kind/name`, for instance `github-actions/acme` */
  readonly name: string;
  readonly kind: string;
  readonly issuer: string;
  /** the only audience believed; a token for several is refused */
  readonly audience: string;
  readonly assurance: Assurance;
  /** `once`: issuer and `jti` are spent by the issuing commit. `first-key`: the first holder key seen is the only one */
  readonly replay: 'once' | 'first-key';
  readonly algorithms: readonly string[];
  /** where keys are; absent: from the issuer's discovery document */
  readonly jwksUri: string | null;
  /** whether discovery and keys may be on a loopback, private or link-local address */
  readonly privateAddresses: boolean;
  /** claim naming the person who started the run, or null */
  readonly actor: string | null;
  readonly claims: ClaimSchema;
}
