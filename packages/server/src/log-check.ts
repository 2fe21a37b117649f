import { type Inclusion, WritError } from '@writ/core';
import {
  type Checkpoint,
  decodeLeaf,
  type Hash,
  hashLeaf,
  type InclusionChecker,
  inclusionChecker,
  LedgerError,
  type NoteVerifier,
  openCheckpoint,
  verifyInclusion,
} from '@writ/ledger';
import type { Reader } from '@writ/store';

interface Opened {
  readonly text: string;
  readonly checkpoint: Checkpoint;
  readonly check: InclusionChecker;
}

/**
 * What the signer asks before it signs: the leaf is an issuance of exactly these bytes, and stands in a tree that our own
 * log has signed. The last checkpoint is kept, as many issuances share one.
 */
export function createInclusionCheck(
  hash: Hash,
  verifier: NoteVerifier,
  origin: string,
): (tbsDigest: Uint8Array, inclusion: Inclusion) => void {
  let last: Opened | null = null;
  return (tbsDigest, { index, size, leaf, proof, checkpoint: text }) => {
    try {
      if (last?.text !== text) {
        const checkpoint = openCheckpoint(text, origin, [verifier]);
        last = { text, checkpoint, check: inclusionChecker(hash, checkpoint) };
      }
      const { type, tbs } = decodeLeaf(leaf);
      const same = tbs !== null && Buffer.from(tbs).equals(tbsDigest);
      if (type !== 'issue' || !same || last.checkpoint.size !== size) {
        throw new WritError('verification-failed', 'the proof is of another entry');
      }
      last.check({ index, leafHash: hashLeaf(hash, leaf), proof });
    } catch (cause) {
      if (!(cause instanceof LedgerError)) throw cause;
      throw new WritError('verification-failed', `the ledger's proof does not hold: ${cause.message}`, {
        cause,
      });
    }
  };
}

/**
 * The second path to the root: the newest entry's proof, made from the stored tiles, must lead to the root that the log
 * has signed. A bit that flipped in what the next entries stand on is found here before anybody else finds it.
 * @throws WritError `verification-failed`
 */
export async function checkStoredLog(
  read: Pick<Reader, 'tree' | 'inclusion'>,
  hash: Hash,
  verifier: NoteVerifier,
  origin: string,
): Promise<void> {
  const { size } = await read.tree();
  if (size === 0) return;
  const { index, size: at, leaf, proof, checkpoint } = await read.inclusion(size - 1);
  try {
    const { root } = openCheckpoint(checkpoint, origin, [verifier]);
    verifyInclusion(hash, { index, size: at, leafHash: hashLeaf(hash, leaf), proof, root });
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new WritError(
      'verification-failed',
      `the stored log is not what was signed: ${cause.message}; run \`writ audit\``,
      {
        cause,
      },
    );
  }
}
