import { canonicalJson } from './canonical-json.ts';
import type { Hash } from './hash.ts';
import { utf8 } from './utf8.ts';

/** What happens to people and their passkeys, as leaves name it. */
export type AuthenticatorEvent =
  | 'authenticator-added'
  | 'authenticator-replaced'
  | 'authenticator-lost'
  | 'invited';

/** What a passkey signs when passkeys change. */
export interface AuthenticatorChange {
  readonly event: AuthenticatorEvent;
  /** `user:…`: whose passkeys change, or who is invited */
  readonly person: string;
  /** 32 bytes in base64url */
  readonly nonce: string;
  /** credential id of the passkey that comes; absent while it is only being made, and for an invitation */
  readonly id?: string | undefined;
}

/** The WebAuthn challenge: SHA-256 of a domain and the canonical JSON of what changes. 32 bytes. */
export function authenticatorChallenge(
  hash: Hash,
  { event, person, nonce, id }: AuthenticatorChange,
): Uint8Array {
  const change = { event, nonce, person, ...(id === undefined ? {} : { id }) };
  return hash(utf8(`writ/authenticator/1\n${canonicalJson(change)}`));
}
