import type { Leaf } from '../leaf.ts';
import type { LedgerRecord } from '../record.ts';

/** A leaf that could be read, and its record where that is given and is the one committed to. */
export interface SeenLeaf {
  readonly index: number;
  readonly leaf: Leaf;
  readonly record: LedgerRecord | null;
}

/** One rule over the order of leaves. Called once for every leaf, in order, it keeps what it must remember. */
export type LeafRule = (seen: SeenLeaf) => void;
