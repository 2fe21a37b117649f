import { EvidenceError } from '@writ/attest';
import { WritError } from '@writ/core';
import { Problem } from '../problem.ts';

/** What `work` gives. A passkey that does not fit is the caller's mistake, and no sign that something of ours is broken. */
export async function signed<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WritError && error.cause instanceof EvidenceError)
      throw new Problem('not-signed', { detail: error.message }, { cause: error });
    throw error;
  }
}
