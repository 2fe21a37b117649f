import { decodeBase64, encodeBase64 } from './base64.ts';
import { checkHash } from './hash.ts';
import { isKeyName } from './key-name.ts';
import { LedgerError } from './ledger-error.ts';
import { type NoteVerifier, verifyNote } from './note.ts';
import { checkSize, parseDecimal } from './size.ts';

/** A tree head: which log, how many leaves, which root. The text of a signed note. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Opaque lines after the root. Writ's own log has none, as nobody can audit them. */
  readonly extensions: readonly string[];
}

/**
 * The text of a checkpoint of one's own log, without extension lines. C2SP tlog-checkpoint.
 *
 * @throws LedgerError `checkpoint-malformed` (an origin that cannot name its key), `size-invalid`, `hash-invalid`
 */
export function formatCheckpoint(checkpoint: Pick<Checkpoint, 'origin' | 'size' | 'root'>): string {
  const { origin, size, root } = checkpoint;
  if (!isKeyName(origin)) throw malformed(`origin \`${origin}\` is empty or holds a space or plus`);
  checkSize(size);
  checkHash(root, 'root');
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/**
 * Reads the text of a checkpoint. It says nothing about who signed it: see `openCheckpoint`.
 *
 * @throws LedgerError `checkpoint-malformed`
 */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw malformed('the last line does not end');
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split('\n');
  if (origin === undefined || origin === '') throw malformed('it has no origin');
  if (sizeText === undefined || rootText === undefined) throw malformed('it has fewer than three lines');
  const size = parseDecimal(sizeText);
  if (size === null) throw malformed(`size \`${sizeText}\` is not a canonical decimal up to 2^53 - 1`);
  if (extensions.includes('')) throw malformed('an extension line is empty');
  return { origin, size, root: rootOf(rootText), extensions };
}

/**
 * Verifies a signed checkpoint of the log `origin` and reads it. At least one verifier must have signed;
 * whether they are enough witnesses is the policy's question.
 *
 * @throws LedgerError of `verifyNote`, `checkpoint-malformed`, `origin-mismatch`
 */
export function openCheckpoint(note: string, origin: string, verifiers: readonly NoteVerifier[]): Checkpoint {
  const checkpoint = parseCheckpoint(verifyNote(note, verifiers).text);
  if (checkpoint.origin !== origin) {
    throw new LedgerError(
      'origin-mismatch',
      `the checkpoint is of \`${checkpoint.origin}\`, not of \`${origin}\``,
    );
  }
  return checkpoint;
}

function rootOf(text: string): Uint8Array {
  try {
    const root = decodeBase64(text);
    checkHash(root, 'root');
    return root;
  } catch {
    throw malformed('the root is not the base64 of 32 bytes');
  }
}

function malformed(why: string): LedgerError {
  return new LedgerError('checkpoint-malformed', `checkpoint is malformed: ${why}`);
}
