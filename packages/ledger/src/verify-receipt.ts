import { equalBytes } from './bytes.ts';
import type { VerifyEd25519 } from './ed25519.ts';
import type { Hash } from './hash.ts';
import { hashLeaf } from './hash-leaf.ts';
import { verifyInclusion } from './inclusion.ts';
import { decodeLeaf, type Leaf } from './leaf.ts';
import { LedgerError } from './ledger-error.ts';
import type { Policy } from './policy.ts';
import { parseReceipt } from './receipt.ts';
import type { LedgerRecord } from './record.ts';
import { satisfyPolicy, type Witnessed } from './satisfy-policy.ts';
import { type TbsKind, tbsDigest } from './tbs-digest.ts';
import { verifyRecord } from './verify-record.ts';

/** What a receipt is checked with. All of it is at hand offline. */
export interface ReceiptCheck {
  readonly hash: Hash;
  readonly verify: VerifyEd25519;
  readonly policy: Policy;
  /** The text of the receipt. */
  readonly receipt: string;
  /** From the credential in hand: the bytes that were signed (or the opaque secret), never from the receipt. */
  readonly tbs: { readonly kind: TbsKind; readonly bytes: Uint8Array };
  /** Canonical JSON of the record, when its holder shows it. */
  readonly record?: string;
}

/** Facts shown by a receipt. That the credential is alive is another question. */
export interface VerifiedReceipt {
  readonly origin: string;
  readonly index: number;
  readonly size: number;
  readonly leaf: Leaf;
  /** Witnesses of the policy that cosigned, with their times. */
  readonly witnesses: readonly Witnessed[];
  /** Only when a record was given. */
  readonly record: LedgerRecord | null;
}

/**
 * Verifies that the issuance of the credential in hand is in a log that the policy believes.
 *
 * @throws LedgerError `receipt-malformed`, `leaf-malformed`, of `satisfyPolicy`, of `verifyInclusion`,
 *   `receipt-mismatch` (the leaf is no issuance, or of another credential), of `verifyRecord`
 */
export function verifyReceipt(check: ReceiptCheck): VerifiedReceipt {
  const { hash } = check;
  const receipt = parseReceipt(check.receipt);
  const { checkpoint, witnesses } = satisfyPolicy(check.policy, receipt.checkpoint, check.verify);
  const { size, root, origin } = checkpoint;
  const leafHash = hashLeaf(hash, receipt.leaf);
  verifyInclusion(hash, { index: receipt.index, size, leafHash, proof: receipt.proof, root });
  const leaf = decodeLeaf(receipt.leaf);
  if (leaf.type !== 'issue' || leaf.tbs === null) {
    throw new LedgerError(
      'receipt-mismatch',
      `the receipt is of a leaf of type ${leaf.type}, not of an issuance`,
    );
  }
  if (!equalBytes(leaf.tbs, tbsDigest(hash, check.tbs.kind, check.tbs.bytes))) {
    throw new LedgerError('receipt-mismatch', 'the receipt is of another credential');
  }
  const record = check.record === undefined ? null : verifyRecord(hash, leaf, receipt.salt, check.record);
  return { origin, index: receipt.index, size, leaf, witnesses, record };
}
