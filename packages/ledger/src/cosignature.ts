import { concatBytes } from './bytes.ts';
import { ED25519_SIGNATURE_SIZE, type SignEd25519, type VerifyEd25519 } from './ed25519.ts';
import { LedgerError } from './ledger-error.ts';
import type { NoteSigner, NoteVerifier } from './note.ts';
import { encodeUtf8 } from './utf8.ts';
import type { VerifierKey } from './verifier-key.ts';

const TIMESTAMP_SIZE = 8;

/**
 * A witness's signer at one moment: it states that at `time` (seconds since the epoch) this was the largest
 * consistent tree it had seen of the log. C2SP tlog-cosignature, "Ed25519 signed message".
 *
 * @throws LedgerError (when signing) `note-malformed` for a time that is not a whole number of seconds
 */
export function cosigner(key: VerifierKey, time: number, sign: SignEd25519): NoteSigner {
  return {
    name: key.name,
    keyId: key.keyId,
    sign: (message) => concatBytes(encodeTime(time), sign(cosignedMessage(time, message))),
  };
}

/** A verifier of one witness's cosignatures (type 0x04). C2SP tlog-cosignature. */
export function cosignatureVerifier(key: VerifierKey, verify: VerifyEd25519): NoteVerifier {
  return {
    name: key.name,
    keyId: key.keyId,
    verify(message, signature) {
      const time = cosignatureTime(signature);
      if (key.type !== 'cosignature-v1' || time === null) return false;
      return verify(key.publicKey, cosignedMessage(time, message), signature.subarray(TIMESTAMP_SIZE));
    },
  };
}

/** The time a cosignature states, in seconds since the epoch; null when it is no cosignature. */
export function cosignatureTime(signature: Uint8Array): number | null {
  if (signature.length !== TIMESTAMP_SIZE + ED25519_SIGNATURE_SIZE) return null;
  let time = 0;
  for (const byte of signature.subarray(0, TIMESTAMP_SIZE)) time = time * 256 + byte;
  return Number.isSafeInteger(time) ? time : null;
}

function cosignedMessage(time: number, message: Uint8Array): Uint8Array {
  return concatBytes(encodeUtf8(`cosignature/v1\ntime ${time}\n`), message);
}

function encodeTime(time: number): Uint8Array {
  if (!Number.isSafeInteger(time) || time < 0) {
    throw new LedgerError('note-malformed', `cosignature time \`${time}\` is not a whole number of seconds`);
  }
  const bytes = new Uint8Array(TIMESTAMP_SIZE);
  let rest = time;
  for (let i = TIMESTAMP_SIZE - 1; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}
