/** 32-bit words of a digest that are compared: 128 bits, so no two digests meet by chance. */
const WORDS = 4;

/**
 * Finds a digest seen before, in 48 bytes a digest: an open-addressing table over typed arrays, as a Map of a
 * million strings would not fit. Digests are hashes, so their own bits place them.
 */
export class DigestIndex {
  #words = new Uint32Array(1024 * WORDS);
  /** Leaf index + 1 for each slot; 0 is free. */
  #owners = new Float64Array(1024);
  #count = 0;

  /** The index under which this digest is known; when it is not, remembers `index` and returns null. */
  add(digest: Uint8Array, index: number): number | null {
    if (this.#count * 2 >= this.#owners.length) this.#grow();
    const key = keyOf(digest);
    const slot = this.#slotOf(key);
    const owner = this.#owners[slot] ?? 0;
    if (owner > 0) return owner - 1;
    this.#put(slot, key, index + 1);
    this.#count += 1;
    return null;
  }

  /** The index under which this digest is known, or null. */
  find(digest: Uint8Array): number | null {
    const owner = this.#owners[this.#slotOf(keyOf(digest))] ?? 0;
    return owner > 0 ? owner - 1 : null;
  }

  #slotOf(key: Uint32Array): number {
    const mask = this.#owners.length - 1;
    let slot = (key[0] ?? 0) & mask;
    while (this.#owners[slot] !== 0 && !this.#holds(slot, key)) slot = (slot + 1) & mask;
    return slot;
  }

  #holds(slot: number, key: Uint32Array): boolean {
    return key.every((word, i) => this.#words[slot * WORDS + i] === word);
  }

  #put(slot: number, key: Uint32Array, owner: number): void {
    this.#words.set(key, slot * WORDS);
    this.#owners[slot] = owner;
  }

  #grow(): void {
    const words = this.#words;
    const owners = this.#owners;
    this.#words = new Uint32Array(words.length * 2);
    this.#owners = new Float64Array(owners.length * 2);
    for (const [slot, owner] of owners.entries()) {
      if (owner === 0) continue;
      const key = words.subarray(slot * WORDS, (slot + 1) * WORDS);
      this.#put(this.#slotOf(key), key, owner);
    }
  }
}

function keyOf(digest: Uint8Array): Uint32Array {
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  return Uint32Array.of(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12));
}
