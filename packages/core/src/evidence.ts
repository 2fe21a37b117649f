import type { Assurance } from './anchor.ts';
import type { Value } from './value.ts';

/** Which of RFC 8693's tokens carried it. */
export type EvidenceRole = 'subject' | 'actor';

/**
 * The output of an attestor: verified, normalised claims. Nothing else has this type. Times are milliseconds since
 * the epoch.
 */
export interface Evidence {
  readonly anchor: string;
  readonly role: EvidenceRole;
  readonly issuer: string;
  /** `jti`, or null where the anchor's issuer gives none */
  readonly tokenId: string | null;
  /** SHA-256 of the signing input, hexadecimal; never of the whole token (law 10) */
  readonly digest: string;
  readonly assurance: Assurance;
  readonly claims: Readonly<Record<string, Value>>;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /**
   * The sign-in of a person that it comes from; absent for a token that came with the request. The sign-in has spent the
   * token, and the person stands behind what they asked for: it counts as of when the run was opened.
   */
  readonly signIn?: string | undefined;
}

/** The key that whoever asks has shown to hold. */
export interface Holder {
  readonly pop: 'dpop' | 'mtls' | 'tpm-key';
  /** RFC 7638 thumbprint, base64url */
  readonly thumbprint: string;
}
