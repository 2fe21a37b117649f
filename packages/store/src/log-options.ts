import type { Hash, NoteSigner, NoteVerifier } from '@writ/ledger';

/** What both drivers are given besides the place of their database. */
export interface LogOptions {
  /** the log's name in its checkpoints */
  readonly origin: string;
  /** SHA-256 */
  readonly hash: Hash;
  /** signs each checkpoint, synchronously: the signature is made between BEGIN and COMMIT */
  readonly signer: NoteSigner;
  /** the log's own keys, the present one and those before it: the stored checkpoint must be signed by one */
  readonly verifiers: readonly NoteVerifier[];
  /** milliseconds since the epoch */
  readonly now: () => number;
  /** For tests: called at every step of a batch; what it throws fails the batch there, as an I/O error would. */
  readonly fault?: ((step: Step) => void) | undefined;
}

/**
 * The steps of a batch, in order. A crash at any of them but the last leaves nothing of the batch; at `committed` it
 * leaves all of it.
 */
export const STEPS = ['locked', 'loaded', 'settled', 'written', 'committed'] as const;
export type Step = (typeof STEPS)[number];
