import { WritError } from '@writ/core';
import { encodeHex } from '@writ/ledger';
import { checkHead, type StoredHead } from '../edge-check.ts';
import type { LogOptions } from '../log-options.ts';
import type { TreeHead } from '../port.ts';

type Mark = Pick<TreeHead, 'size' | 'root'>;

/**
 * Watches that the log only goes on. Once it does not, this process writes no more: a human must say which history is
 * the true one.
 */
export interface Continuity {
  /** @throws WritError `unavailable` once the log was seen to have gone back or apart */
  check(): void;
  /**
   * Compares the head under the lock with what was last seen. Other replicas may have appended: what they left must be
   * signed by the log.
   *
   * @throws WritError `unavailable`
   */
  catchUp(head: StoredHead): void;
  /** What this process itself made durable. */
  reached(mark: Mark): void;
}

/** `danger`: why the log must not be written to from the start, or null. */
export function createContinuity(seen: Mark, danger: string | null, options: LogOptions): Continuity {
  let mark = seen;
  let refusal = danger;
  const check = (): void => {
    if (refusal !== null) throw new WritError('unavailable', refusal);
  };
  return {
    check,
    catchUp(head) {
      if (head.size === mark.size && encodeHex(head.root) === encodeHex(mark.root)) return;
      refusal = head.size > mark.size ? unsigned(head, options) : rolledBack(head, mark);
      check();
      mark = head;
    },
    reached(next) {
      mark = next;
    },
  };
}

function unsigned(head: StoredHead, options: LogOptions): string | null {
  try {
    checkHead(head, options);
    return null;
  } catch (cause) {
    if (cause instanceof WritError) return cause.message;
    throw cause;
  }
}

function rolledBack(head: Mark, mark: Mark): string {
  const found = head.size < mark.size ? `ends at ${head.size}` : 'holds another history';
  return (
    `fork danger: entry ${mark.size} was published, and the database ${found}: ` +
    'fail back to the newest server, or recover under a new log name'
  );
}
