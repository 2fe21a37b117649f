import { concatBytes } from './bytes.ts';
import { LEAF_SIZE } from './leaf.ts';
import { LedgerError } from './ledger-error.ts';
import { formatLogProof, parseLogProof } from './log-proof.ts';
import { SALT_SIZE } from './record-commitment.ts';

/** What the holder of a credential keeps: proof that its issuance is in the ledger. */
export interface Receipt {
  readonly index: number;
  /** The 90 bytes of the leaf. */
  readonly leaf: Uint8Array;
  /** The 32 bytes that, with the record, make the leaf's commitment. Whoever has them may show the record. */
  readonly salt: Uint8Array;
  /** Inclusion proof in the tree of the checkpoint. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
}

/**
 * The text of a receipt: C2SP tlog-proof@v1 whose extra data is leaf ‖ salt.
 *
 * @throws LedgerError `receipt-malformed`, `note-malformed`, `hash-invalid`
 */
export function formatReceipt(receipt: Receipt): string {
  const { index, leaf, salt, proof, checkpoint } = receipt;
  if (leaf.length !== LEAF_SIZE || salt.length !== SALT_SIZE) {
    throw new LedgerError('receipt-malformed', `leaf and salt have ${leaf.length} and ${salt.length} bytes`);
  }
  return formatLogProof({ index, proof, checkpoint, extra: concatBytes(leaf, salt) });
}

/**
 * Reads a receipt. Nothing in it is believed yet: see `verifyReceipt`.
 *
 * @throws LedgerError `receipt-malformed`, `note-malformed`
 */
export function parseReceipt(text: string): Receipt {
  const { index, proof, checkpoint, extra } = parseLogProof(text);
  if (extra?.length !== LEAF_SIZE + SALT_SIZE) {
    throw new LedgerError(
      'receipt-malformed',
      'the extra data is not a leaf and a salt: not a receipt of Writ',
    );
  }
  return { index, leaf: extra.slice(0, LEAF_SIZE), salt: extra.slice(LEAF_SIZE), proof, checkpoint };
}
