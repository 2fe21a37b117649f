import type { NoteSigner, NoteVerifier } from './note.ts';
import type { VerifierKey } from './verifier-key.ts';

/** Ed25519 verification, given by the caller: false for a bad signature or key, never throws. RFC 8032 §5.1.7. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** Ed25519 signing with a key the caller holds: 64 bytes. RFC 8032 §5.1.6. */
export type SignEd25519 = (message: Uint8Array) => Uint8Array;

/** Bytes of one Ed25519 signature. */
export const ED25519_SIGNATURE_SIZE = 64;

/** A signer of notes with a plain Ed25519 key (type 0x01). */
export function ed25519Signer(key: VerifierKey, sign: SignEd25519): NoteSigner {
  return { name: key.name, keyId: key.keyId, sign };
}

/** A verifier of notes for a plain Ed25519 key (type 0x01). C2SP signed-note, "Ed25519 signatures". */
export function ed25519Verifier(key: VerifierKey, verify: VerifyEd25519): NoteVerifier {
  return {
    name: key.name,
    keyId: key.keyId,
    verify: (message, signature) =>
      key.type === 'ed25519' &&
      signature.length === ED25519_SIGNATURE_SIZE &&
      verify(key.publicKey, message, signature),
  };
}
