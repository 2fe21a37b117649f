import { decodeBase64, encodeBase64 } from './base64.ts';
import { concatBytes, equalBytes } from './bytes.ts';
import type { Hash } from './hash.ts';
import { decodeHex, encodeHex } from './hex.ts';
import { isKeyName } from './key-name.ts';
import { LedgerError } from './ledger-error.ts';
import { encodeUtf8 } from './utf8.ts';

/** What a key signs: a note's text, or a witness's dated statement about a checkpoint. */
export type SignatureType = 'ed25519' | 'cosignature-v1';

/** A public key with the name and algorithm it signs notes under. */
export interface VerifierKey {
  readonly name: string;
  readonly type: SignatureType;
  /** 4 bytes, derived from the rest. */
  readonly keyId: Uint8Array;
  /** 32 bytes. RFC 8032 §5.1.5. */
  readonly publicKey: Uint8Array;
}

/** The assigned bytes of the signature types spoken here. C2SP signed-note, "Signature types". */
const TYPE_BYTES: Readonly<Record<SignatureType, number>> = { ed25519: 0x01, 'cosignature-v1': 0x04 };
const PUBLIC_KEY_SIZE = 32;
const NEWLINE = new Uint8Array([0x0a]);
const TEXT = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/su;

/**
 * A key under its name: `keyId = SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4]`. C2SP signed-note.
 *
 * @throws LedgerError `key-malformed`
 */
export function verifierKey(
  hash: Hash,
  name: string,
  type: SignatureType,
  publicKey: Uint8Array,
): VerifierKey {
  if (!isKeyName(name)) throw malformed(`\`${name}\` cannot name a key`);
  if (publicKey.length !== PUBLIC_KEY_SIZE) {
    throw malformed(`the public key has ${publicKey.length} bytes, expected ${PUBLIC_KEY_SIZE}`);
  }
  const typeByte = new Uint8Array([TYPE_BYTES[type]]);
  const digest = hash(concatBytes(encodeUtf8(name), NEWLINE, typeByte, publicKey));
  return { name, type, keyId: digest.subarray(0, 4), publicKey };
}

/** The text of a key: `<name>+<key id in hex>+<base64 of type and public key>`. C2SP signed-note. */
export function formatVerifierKey(key: VerifierKey): string {
  const typed = concatBytes(new Uint8Array([TYPE_BYTES[key.type]]), key.publicKey);
  return `${key.name}+${encodeHex(key.keyId)}+${encodeBase64(typed)}`;
}

/**
 * The key of a text. A key id that is not the derived one is refused: a typing error would otherwise make a
 * key that never matches, and its signatures would be silently ignored.
 *
 * @throws LedgerError `key-malformed`, also for a signature type not spoken here
 */
export function parseVerifierKey(hash: Hash, text: string): VerifierKey {
  const [, name, id, encoded] = TEXT.exec(text) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) {
    throw malformed(`\`${text}\` is not of the form name+id+key`);
  }
  const typed = keyBytes(encoded);
  const type = typeOf(typed[0]);
  if (type === null) throw malformed(`signature type ${typed[0] ?? 'none'} of \`${name}\` is not supported`);
  const key = verifierKey(hash, name, type, typed.subarray(1));
  if (!equalBytes(key.keyId, decodeHex(id)))
    throw malformed(`\`${id}\` is not the id of this key of \`${name}\``);
  return key;
}

function typeOf(byte: number | undefined): SignatureType | null {
  if (byte === TYPE_BYTES.ed25519) return 'ed25519';
  return byte === TYPE_BYTES['cosignature-v1'] ? 'cosignature-v1' : null;
}

function keyBytes(encoded: string): Uint8Array {
  try {
    return decodeBase64(encoded);
  } catch {
    throw malformed('the public key is not canonical base64');
  }
}

function malformed(why: string): LedgerError {
  return new LedgerError('key-malformed', `key is malformed: ${why}`);
}
