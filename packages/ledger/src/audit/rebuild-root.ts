import type { Hash } from '../hash.ts';

/** Told of every perfect subtree completed: 2^height leaves from leaf `index · 2^height` on. */
export type OnNode = (height: number, index: number, node: Uint8Array) => void;

/**
 * The second path to the root: a binary counter over the leaf bytes, sharing no code with `append`, the
 * proofs or the tiles, so that a mistake or a manipulation there cannot hide itself here. RFC 6962 §2.1.
 */
export class RootRebuild {
  readonly #hash: Hash;
  readonly #onNode: OnNode;
  /** `#carry[h]` is the perfect subtree of 2^h leaves still waiting for its right neighbour. */
  readonly #carry: (Uint8Array | null)[] = [];
  #size = 0;

  constructor(hash: Hash, onNode: OnNode) {
    this.#hash = hash;
    this.#onNode = onNode;
  }

  get size(): number {
    return this.#size;
  }

  add(leaf: Uint8Array): void {
    const input = new Uint8Array(1 + leaf.length);
    input.set(leaf, 1);
    let node = this.#hash(input);
    let index = this.#size;
    let height = 0;
    this.#onNode(height, index, node);
    for (let left = this.#carry[0]; left; left = this.#carry[height]) {
      this.#carry[height] = null;
      node = this.#inner(left, node);
      index = Math.floor(index / 2);
      height += 1;
      this.#onNode(height, index, node);
    }
    this.#carry[height] = node;
    this.#size += 1;
  }

  /** The root of the leaves so far. */
  root(): Uint8Array {
    let root: Uint8Array | null = null;
    for (const node of this.#carry) {
      if (!node) continue;
      root = root === null ? node : this.#inner(node, root);
    }
    return root ?? this.#hash(new Uint8Array(0));
  }

  #inner(left: Uint8Array, right: Uint8Array): Uint8Array {
    const input = new Uint8Array(1 + left.length + right.length);
    input[0] = 1;
    input.set(left, 1);
    input.set(right, 1 + left.length);
    return this.#hash(input);
  }
}
