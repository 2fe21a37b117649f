/** Business events, one method each: the only place where they are reported. None throws, none carries a secret. */
export interface Events {
  issued(event: { run: string; identity: string; flow: string; audience: string; index: number }): void;
  waiting(event: { run: string; identity: string; flow: string; obligations: number }): void;
  refused(event: { reference: string; identity: string; stage: string; rule: string }): void;
  replayed(event: { identity: string; key: string }): void;
  frozen(event: { scope: string; by: string; index: number }): void;
  revoked(event: { credential: string; by: string; index: number }): void;
  artefacts(event: { hash: string; mode: string; index: number }): void;
  key(event: { kid: string; name: string; event: string; index: number }): void;
  signedIn(event: { person: string; anchor: string }): void;
  person(event: { person: string; event: string; by: string; grounds: string; index: number }): void;
  /** the software passkey of a sample person was used */
  sampleSigned(event: { person: string; purpose: string }): void;
  failed(event: { what: string; message: string }): void;
}
