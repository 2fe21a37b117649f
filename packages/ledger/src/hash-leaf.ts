import { HASH_SIZE, type Hash } from './hash.ts';

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;
const EMPTY = new Uint8Array(0);

// Two children are hashed for every leaf appended. Allocating the 65 bytes each time costs a tenth of the
// append path, so one buffer is used again; `Hash` is synchronous and promises not to keep it.
const pair = new Uint8Array(1 + 2 * HASH_SIZE);
pair[0] = NODE_PREFIX;

/** The hash of one entry: `SHA-256(0x00 ‖ data)`. RFC 6962 §2.1. */
export function hashLeaf(hash: Hash, data: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + data.length);
  input[0] = LEAF_PREFIX;
  input.set(data, 1);
  return hash(input);
}

/** The hash of an inner node: `SHA-256(0x01 ‖ left ‖ right)`, both of 32 bytes. RFC 6962 §2.1. */
export function hashChildren(hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_SIZE);
  return hash(pair);
}

/** The root of a tree without entries: `SHA-256()`. RFC 6962 §2.1. */
export function emptyRoot(hash: Hash): Uint8Array {
  return hash(EMPTY);
}
