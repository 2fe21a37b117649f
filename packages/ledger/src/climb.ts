/** Reads the hash of the perfect subtree of 2^level leaves whose first leaf is `index · 2^level`. */
export type ReadNode = (level: number, index: number) => Uint8Array;

/**
 * The sibling hashes from one perfect node up to the root of a tree of `size` leaves: the common part of
 * inclusion and consistency proofs. RFC 6962 §2.1.1, §2.1.2.
 *
 * A sibling is perfect, and read with `readNode`, unless it is the ragged right edge: the part of the last
 * 2^level leaves that exists. Then it is `edge(level)`.
 */
export function climb(
  from: { level: number; index: number },
  size: number,
  readNode: ReadNode,
  edge: (level: number) => Uint8Array,
): Uint8Array[] {
  const proof: Uint8Array[] = [];
  let { level, index } = from;
  let width = 2 ** level;
  let last = Math.floor((size - 1) / width);
  while (last > 0) {
    if (index % 2 === 1) proof.push(readNode(level, index - 1));
    else if (index + 1 < last || (index + 1 === last && size % width === 0))
      proof.push(readNode(level, index + 1));
    else if (index + 1 === last) proof.push(edge(level));
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
    width *= 2;
    level += 1;
  }
  return proof;
}
