/** A new passkey as the browser gives it (Web Authentication Level 3, section 5.2.1); both base64url. */
export interface Registration {
  readonly clientDataJson: string;
  readonly attestationObject: string;
}

/** What a registration must have been about. */
export interface ExpectedRegistration {
  readonly challenge: Uint8Array;
  readonly origin: string;
  readonly rpId: string;
}

/** A passkey whose registration was verified, with user verification. */
export interface RegisteredPasskey {
  /** credential id, base64url */
  readonly id: string;
  /** RFC 7517, required members alone */
  readonly publicJwk: Readonly<Record<string, string>>;
}
