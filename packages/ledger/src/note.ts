import { decodeBase64, encodeBase64 } from './base64.ts';
import { concatBytes, equalBytes } from './bytes.ts';
import { encodeHex } from './hex.ts';
import { isKeyName } from './key-name.ts';
import { LedgerError } from './ledger-error.ts';
import { encodeUtf8 } from './utf8.ts';

/** One signature line of a note. */
export interface NoteSignature {
  readonly name: string;
  /** 4 bytes; with the name it says which key and which algorithm. */
  readonly keyId: Uint8Array;
  /** What follows the key id; its shape is the algorithm's. */
  readonly signature: Uint8Array;
}

/** A parsed note. Nothing in it is believed yet: see `verifyNote`. */
export interface Note {
  /** With its final newline, without the blank line. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Signs the UTF-8 of a note's text. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** Verifies one known key's signature over the UTF-8 of a note's text. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: Uint8Array;
  verify(message: Uint8Array, signature: Uint8Array): boolean;
}

/** A note whose signatures by known keys all hold; at least one. */
export interface VerifiedNote {
  readonly text: string;
  /** The signatures that were verified, in the order of the note; those of unknown keys are left out. */
  readonly signatures: readonly NoteSignature[];
}

const KEY_ID_SIZE = 4;
/** The specification asks for 16 at least; a note with more than this many is not read at all. */
const MAX_SIGNATURES = 64;
const MARK = '\u2014 ';
/** Every control character below U+0020 but newline. */
const CONTROL = /[^\P{Cc}\n\u007f-\u009f]/u;

/**
 * Reads a signed note strictly. C2SP signed-note, "Format".
 *
 * @throws LedgerError `note-malformed`
 */
export function parseNote(note: string): Note {
  if (CONTROL.test(note)) throw malformed('it holds a control character');
  if (!note.isWellFormed()) throw malformed('it holds a lone surrogate');
  const split = note.lastIndexOf('\n\n');
  if (split < 0) throw malformed('no blank line stands between text and signatures');
  if (!note.endsWith('\n')) throw malformed('the last line does not end');
  const lines = note.slice(split + 2).split('\n');
  lines.pop();
  if (lines.length === 0) throw malformed('it has no signature');
  if (lines.length > MAX_SIGNATURES) throw malformed(`it has more than ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignatureLine) };
}

/**
 * Writes a note. What it writes, `parseNote` reads back.
 *
 * @throws LedgerError `note-malformed`
 */
export function formatNote(note: Note): string {
  if (!note.text.endsWith('\n')) throw malformed('the text does not end with a newline');
  if (CONTROL.test(note.text) || !note.text.isWellFormed())
    throw malformed('the text holds a control character');
  if (note.signatures.length < 1 || note.signatures.length > MAX_SIGNATURES) {
    throw malformed(`${note.signatures.length} signatures are not from 1 to ${MAX_SIGNATURES}`);
  }
  return `${note.text}\n${note.signatures.map(formatSignatureLine).join('')}`;
}

/**
 * Signs a text (which ends with a newline) with every signer given.
 *
 * @throws LedgerError `note-malformed`, or what a signer throws
 */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  const message = encodeUtf8(text);
  return formatNote({ text, signatures: signers.map((signer) => signedBy(signer, message)) });
}

/**
 * Adds a signature to a note as its last line; the lines before stay byte for byte. The note is not verified.
 *
 * @throws LedgerError `note-malformed`, or what the signer throws
 */
export function addSignature(note: string, signer: NoteSigner): string {
  const { text, signatures } = parseNote(note);
  return formatNote({ text, signatures: [...signatures, signedBy(signer, encodeUtf8(text))] });
}

/**
 * Verifies a note against the keys known. Signatures of unknown keys are ignored, even when they share a name
 * or an id with a known one; a known key whose signature fails rejects the whole note. C2SP signed-note,
 * "Signatures".
 *
 * @throws LedgerError `note-malformed`, `note-signature-invalid`, `note-untrusted` (no known key signed),
 *   `key-ambiguous` (two known keys share name and id)
 */
export function verifyNote(note: string, verifiers: readonly NoteVerifier[]): VerifiedNote {
  const { text, signatures } = parseNote(note);
  const message = encodeUtf8(text);
  const known = new Map<string, NoteVerifier>();
  for (const verifier of verifiers) {
    const key = keyOf(verifier);
    if (known.has(key)) throw new LedgerError('key-ambiguous', `two known keys are both \`${key}\``);
    known.set(key, verifier);
  }
  const verified: NoteSignature[] = [];
  for (const signature of signatures) {
    const verifier = known.get(keyOf(signature));
    if (verifier === undefined) continue;
    if (!verifier.verify(message, signature.signature)) {
      throw new LedgerError(
        'note-signature-invalid',
        `the signature of \`${keyOf(signature)}\` does not hold`,
      );
    }
    verified.push(signature);
  }
  if (verified.length === 0) throw new LedgerError('note-untrusted', 'no known key signed the note');
  return { text, signatures: verified };
}

/** Whether a signature line names this key. Says nothing about whether it holds. */
export function isBy(signature: NoteSignature, key: Pick<NoteVerifier, 'name' | 'keyId'>): boolean {
  return signature.name === key.name && equalBytes(signature.keyId, key.keyId);
}

function keyOf(key: Pick<NoteVerifier, 'name' | 'keyId'>): string {
  return `${key.name}+${encodeHex(key.keyId)}`;
}

function signedBy(signer: NoteSigner, message: Uint8Array): NoteSignature {
  return { name: signer.name, keyId: signer.keyId, signature: signer.sign(message) };
}

function parseSignatureLine(line: string): NoteSignature {
  if (!line.startsWith(MARK)) throw malformed('a signature line does not begin with an em dash and a space');
  const space = line.indexOf(' ', MARK.length);
  const name = line.slice(MARK.length, space);
  if (space < 0 || !isKeyName(name)) throw malformed('a signature line has no valid key name');
  const bytes = signatureBytes(line.slice(space + 1));
  if (bytes.length <= KEY_ID_SIZE) throw malformed('a signature is empty');
  return { name, keyId: bytes.subarray(0, KEY_ID_SIZE), signature: bytes.subarray(KEY_ID_SIZE) };
}

function signatureBytes(text: string): Uint8Array {
  try {
    return decodeBase64(text);
  } catch {
    throw malformed('a signature is not canonical base64');
  }
}

function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  if (!isKeyName(name)) throw malformed(`\`${name}\` cannot name a key`);
  if (keyId.length !== KEY_ID_SIZE)
    throw malformed(`a key id has ${keyId.length} bytes, expected ${KEY_ID_SIZE}`);
  if (signature.length === 0) throw malformed('a signature is empty');
  return `${MARK}${name} ${encodeBase64(concatBytes(keyId, signature))}\n`;
}

function malformed(why: string): LedgerError {
  return new LedgerError('note-malformed', `signed note is malformed: ${why}`);
}
