import { equalBytes } from '../bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { Hash } from '../hash.ts';
import { encodeHex } from '../hex.ts';
import type { Report } from './finding.ts';
import type { KnownHeads } from './known-heads.ts';
import { RootRebuild } from './rebuild-root.ts';
import type { StoredTiles } from './stored-tiles.ts';

/** The entries are all there, in order and no others, and give the root that was signed. */
export class RebuiltLog {
  readonly #checkpoint: Checkpoint;
  readonly #tiles: StoredTiles | null;
  readonly #heads: KnownHeads;
  readonly #report: Report;
  readonly #rebuild: RootRebuild;
  #next = 0;
  #whole = true;
  #unsigned = 0;

  constructor(
    hash: Hash,
    checkpoint: Checkpoint,
    tiles: StoredTiles | null,
    heads: KnownHeads,
    report: Report,
  ) {
    this.#checkpoint = checkpoint;
    this.#tiles = tiles;
    this.#heads = heads;
    this.#report = report;
    this.#rebuild = new RootRebuild(hash, (height, index, node) => this.#tiles?.compare(height, index, node));
    heads.meet(0, () => this.#rebuild.root());
  }

  /** Takes the next entry; false when its index is not of the signed tree. */
  add(index: number, leaf: Uint8Array): boolean {
    if (index !== this.#next) this.#outOfOrder(index);
    if (!Number.isSafeInteger(index) || index < 0) return false;
    this.#next = index + 1;
    if (index >= this.#checkpoint.size) {
      this.#unsigned += 1;
      return false;
    }
    // After a gap no subtree is the right one any more; the finding above says where to look.
    if (!this.#whole) return true;
    this.#rebuild.add(leaf);
    this.#heads.meet(this.#rebuild.size, () => this.#rebuild.root());
    return true;
  }

  finish(): void {
    const { size, root } = this.#checkpoint;
    if (this.#next < size) {
      const message = `entries end at ${this.#next}, the checkpoint is of ${size} leaves`;
      this.#report({ index: this.#next, rule: 'entry-missing', message, severity: 'critical' });
      this.#whole = false;
    }
    if (this.#unsigned > 0) {
      const message = `${this.#unsigned} entries from here on are not covered by the checkpoint`;
      this.#report({ index: size, rule: 'entry-unsigned', message, severity: 'critical' });
    }
    const rebuilt = this.#whole ? this.#rebuild.root() : null;
    if (rebuilt !== null && !equalBytes(rebuilt, root)) {
      const message = `the entries give the root ${encodeHex(rebuilt)}, the checkpoint says ${encodeHex(root)}`;
      this.#report({ index: null, rule: 'checkpoint-root', message, severity: 'critical' });
    }
    this.#tiles?.finish(rebuilt);
    this.#heads.finish(rebuilt !== null && equalBytes(rebuilt, root));
  }

  #outOfOrder(index: number): void {
    this.#whole = false;
    const message = `entry ${index} follows where ${this.#next} belongs`;
    const rule = index > this.#next ? 'entry-missing' : 'entry-order';
    this.#report({ index: this.#next, rule, message, severity: 'critical' });
  }
}
