/** A credential's life, in its order. A self-contained credential is `issued` and then active by being signed. */
export type CredentialState =
  | 'prepared'
  | 'issued'
  | 'delivered'
  | 'active'
  | 'superseded'
  | 'revoked'
  | 'expired'
  | 'destroyed';

/** What Writ knows of one credential. Times in milliseconds since the epoch. */
export interface Credential {
  readonly id: string;
  readonly run: string;
  readonly identity: string;
  readonly right: string;
  readonly kid: string;
  /** thumbprint of the key it is bound to; empty where it is bound to none */
  readonly holder: string;
  readonly audience: string;
  readonly state: CredentialState;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** hexadecimal */
  readonly tbsDigest: string;
  readonly freezeScopes: readonly string[];
  readonly scopes: readonly string[];
  readonly subject: string;
  /** of the identity, when it was issued */
  readonly revision: number;
}
