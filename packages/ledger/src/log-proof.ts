import { decodeBase64, encodeBase64 } from './base64.ts';
import { checkHash } from './hash.ts';
import { LedgerError } from './ledger-error.ts';
import { parseNote } from './note.ts';
import { parseDecimal } from './size.ts';

/** An offline proof that an entry is in a log, of any application. */
export interface LogProof {
  readonly index: number;
  /** From the leaf's sibling up to the child of the root, 32 bytes each. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
  /** Opaque, not authenticated by the format; null when the line is absent. */
  readonly extra: Uint8Array | null;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const EXTRA = 'extra ';
const INDEX = 'index ';
/** A tree of at most 2^53 leaves is never higher. */
const MAX_PROOF = 53;

/**
 * The text of a proof. C2SP tlog-proof@v1, "Format".
 *
 * @throws LedgerError `receipt-malformed`, `note-malformed`
 */
export function formatLogProof({ index, proof, checkpoint, extra }: LogProof): string {
  if (!Number.isSafeInteger(index) || index < 0) throw malformed(`index \`${index}\` is not a whole number`);
  if (proof.length > MAX_PROOF) throw malformed(`${proof.length} proof hashes are above ${MAX_PROOF}`);
  if (extra?.length === 0) throw malformed('extra data is empty, leave it out');
  checkNote(checkpoint);
  for (const node of proof) checkHash(node, 'proof hash');
  const extraLine = extra === null ? '' : `${EXTRA}${encodeBase64(extra)}\n`;
  const hashes = proof.map((node) => `${encodeBase64(node)}\n`).join('');
  return `${HEADER}\n${extraLine}${INDEX}${index}\n${hashes}\n${checkpoint}`;
}

/** The note that was found well-formed last: the entries of one batch share their checkpoint. */
let wellFormed: string | null = null;

function checkNote(note: string): void {
  if (note === wellFormed) return;
  parseNote(note);
  wellFormed = note;
}

/**
 * Reads a proof strictly: one spelling for one proof. The checkpoint is checked as a note, not verified.
 *
 * @throws LedgerError `receipt-malformed`, `note-malformed`
 */
export function parseLogProof(text: string): LogProof {
  const split = text.indexOf('\n\n');
  if (split < 0) throw malformed('no blank line stands before the checkpoint');
  const [header, ...lines] = text.slice(0, split).split('\n');
  if (header !== HEADER) throw malformed(`it does not begin with \`${HEADER}\``);
  const extraLine = lines[0]?.startsWith(EXTRA) === true ? lines.shift() : undefined;
  const indexLine = lines.shift();
  if (indexLine?.startsWith(INDEX) !== true) throw malformed('it has no index line');
  const index = parseDecimal(indexLine.slice(INDEX.length));
  if (index === null) throw malformed('the index is not a canonical decimal up to 2^53 - 1');
  if (lines.length > MAX_PROOF) throw malformed(`it has more than ${MAX_PROOF} proof hashes`);
  const extra = extraLine === undefined ? null : bytesOf(extraLine.slice(EXTRA.length), 'extra data');
  if (extra?.length === 0) throw malformed('the extra line is empty');
  const checkpoint = text.slice(split + 2);
  parseNote(checkpoint);
  return { index, proof: lines.map(proofHash), checkpoint, extra };
}

function proofHash(line: string): Uint8Array {
  const node = bytesOf(line, 'a proof hash');
  if (node.length !== 32) throw malformed(`a proof hash has ${node.length} bytes, expected 32`);
  return node;
}

function bytesOf(text: string, what: string): Uint8Array {
  try {
    return decodeBase64(text);
  } catch {
    throw malformed(`${what} is not canonical base64`);
  }
}

function malformed(why: string): LedgerError {
  return new LedgerError('receipt-malformed', `receipt is malformed: ${why}`);
}
