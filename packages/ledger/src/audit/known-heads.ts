import { equalBytes } from '../bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { Report } from './finding.ts';

/** The checkpoint is of this log, adds nothing unauditable, and continues every head known from before. */
export class KnownHeads {
  readonly #report: Report;
  /** Smaller than the checkpoint, by ascending size; the first is the next to be met. */
  readonly #ahead: Checkpoint[];
  #agreed = 0;
  #apart: Checkpoint | null = null;

  constructor(
    subject: {
      readonly checkpoint: Checkpoint;
      readonly origin: string;
      readonly known?: readonly Checkpoint[];
    },
    report: Report,
  ) {
    const { checkpoint, origin, known = [] } = subject;
    this.#report = report;
    this.#ahead = known.filter((head) => head.size < checkpoint.size).toSorted((a, b) => a.size - b.size);
    for (const head of [checkpoint, ...known]) {
      if (head.origin === origin) continue;
      const message = `a checkpoint is of \`${head.origin}\`, not of \`${origin}\``;
      report({ index: null, rule: 'origin-mismatch', message, severity: 'critical' });
    }
    if (checkpoint.extensions.length > 0) {
      const message = 'the checkpoint has extension lines, which nobody can audit';
      report({ index: null, rule: 'checkpoint-extension', message, severity: 'warning' });
    }
    for (const head of known) {
      if (head.size > checkpoint.size) {
        const message = `the checkpoint is of ${checkpoint.size} leaves, but one of ${head.size} was seen before`;
        report({ index: checkpoint.size, rule: 'rolled-back', message, severity: 'critical' });
      }
      if (head.size === checkpoint.size && !equalBytes(head.root, checkpoint.root)) {
        const message = `two roots were signed for ${head.size} leaves`;
        report({ index: null, rule: 'forked', message, severity: 'critical' });
      }
    }
  }

  /** Compares the root of the first `size` entries with the heads known of that size; `rebuild` makes it. */
  meet(size: number, rebuild: () => Uint8Array): void {
    for (let head = this.#ahead[0]; head !== undefined && head.size <= size; head = this.#ahead[0]) {
      this.#ahead.shift();
      if (this.#apart !== null) continue;
      if (equalBytes(rebuild(), head.root)) this.#agreed = head.size;
      else this.#apart = head;
    }
  }

  /** Only entries that give the signed root can tell a fork from entries altered in the store. */
  finish(entriesAgree: boolean): void {
    if (!entriesAgree || this.#apart === null) return;
    const message = `the log does not continue the head of ${this.#apart.size} leaves seen before; their first ${this.#agreed} leaves are known to be the same`;
    this.#report({ index: this.#agreed, rule: 'forked', message, severity: 'critical' });
  }
}
