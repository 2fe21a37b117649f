import type { Evidence } from './evidence.ts';

/** A person's sign-in. Times are milliseconds since the epoch. */
export interface Session {
  /** SHA-256 of what the browser or terminal holds, hexadecimal */
  readonly id: string;
  /** `user:…` */
  readonly person: string;
  /** what the identity provider said; it stands for the person in what they ask for during the session */
  readonly evidence: Evidence;
  readonly signedInAt: number;
  readonly expiresAt: number;
}

/** A passkey of a person. It exists in the ledger first: only what a leaf recorded can approve anything. */
export interface Authenticator {
  /** WebAuthn credential id, base64url */
  readonly id: string;
  readonly person: string;
  /** RFC 7517, public members alone */
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly rpId: string;
  readonly origin: string;
  /** what its owner calls it */
  readonly label: string;
  readonly state: 'active' | 'replaced' | 'lost';
  /** milliseconds since the epoch */
  readonly addedAt: number;
}

/** A WebAuthn assertion as the browser gives it (Web Authentication Level 3, section 5.2.2); everything base64url. */
export interface Assertion {
  /** credential id */
  readonly authenticator: string;
  readonly clientDataJson: string;
  readonly authenticatorData: string;
  readonly signature: string;
}
