import type { Bounds, Inclusion, Prepared, Secret } from '@writ/core';

/** What is to be made: decided bounds, and what is born with the credential. */
export interface Order {
  readonly bounds: Bounds;
  /** our issuer identifier */
  readonly issuer: string;
  /** the credential's id (`jti`), at least 128 random bits */
  readonly id: string;
  /** the active key of `bounds.generate.key` */
  readonly kid: string;
  /** milliseconds since the epoch */
  readonly issuedAt: number;
}

/**
 * The seam of credential makers: two methods, with the ledger between them (laws 3 and 5). `prepare` builds the exact
 * bytes to be signed and nothing else. `issue` signs them, once, and only against proof that their digest is in the
 * ledger; whoever calls it has made that entry durable before.
 */
export interface Issuer {
  prepare(order: Order): Prepared<Order>;
  /** @throws WritError `conflict` for a spent permission, `verification-failed` for a proof of something else */
  issue(prepared: Prepared<Order>, inclusion: Inclusion): Secret<string>;
}

/** A new key pair. The private half leaves its maker sealed, and only so. */
export interface MintedKey {
  readonly kid: string;
  readonly alg: string;
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly sealed: string;
}

/** Makes and holds issuer keys. Only the issuer beside it can use what it holds. */
export interface KeyMint {
  mint(): MintedKey;
  /** Makes a key usable by the issuer. @throws WritError `verification-failed` when it cannot be unsealed */
  load(kid: string, sealed: string): void;
  forget(kid: string): void;
}
