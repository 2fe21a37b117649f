import { equalBytes } from '../bytes.ts';
import type { Hash } from '../hash.ts';
import type { Leaf } from '../leaf.ts';
import { LedgerError } from '../ledger-error.ts';
import { parseRecord } from '../parse-record.ts';
import type { LedgerRecord } from '../record.ts';
import { recordCommitment } from '../record-commitment.ts';
import { recordDifference } from '../record-difference.ts';
import { encodeUtf8 } from '../utf8.ts';
import type { AuditRule, Report } from './finding.ts';
import { IndexTable } from './index-table.ts';

/** What the store still holds of a leaf's record. */
export interface StoredRecord {
  /** 32 bytes. */
  readonly salt?: Uint8Array;
  /** Canonical JSON. */
  readonly record?: string;
}

const MISSING = 1;
const ERASED = 2;

/** A record is the one its leaf commits to and tells the same; it is missing only where an erasure says so. */
export class RecordKeeper {
  readonly #hash: Hash;
  readonly #report: Report;
  readonly #demanded: boolean;
  readonly #fate = new IndexTable();
  #size = 0;

  constructor(hash: Hash, demanded: boolean, report: Report) {
    this.#hash = hash;
    this.#demanded = demanded;
    this.#report = report;
  }

  /** The record of a leaf, checked; null when it is not there or not the right one. */
  take(index: number, leaf: Leaf, stored: StoredRecord): LedgerRecord | null {
    this.#size = Math.max(this.#size, index + 1);
    const { salt, record } = stored;
    if (salt === undefined || record === undefined) {
      this.#fate.set(index, MISSING);
      return null;
    }
    const found = (rule: AuditRule, message: string): null => {
      this.#report({ index, rule, message, severity: rule === 'record-commitment' ? 'critical' : 'error' });
      return null;
    };
    try {
      if (!equalBytes(recordCommitment(this.#hash, salt, encodeUtf8(record)), leaf.record)) {
        return found('record-commitment', 'its record or salt is not the one it commits to');
      }
      const parsed = parseRecord(record);
      const difference = recordDifference(parsed, leaf);
      if (difference !== null) return found('record-disagrees', difference);
      if (parsed.type === 'erasure') this.#erase(index, parsed.indexes);
      return parsed;
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      return found('record-malformed', error.message);
    }
  }

  /** An erasure comes after what it erases, so what is missing is known only at the end. */
  finish(): void {
    if (!this.#demanded) return;
    for (let index = 0; index < this.#size; index++) {
      if (this.#fate.get(index) !== MISSING) continue;
      const message = 'its record is missing and no erasure names it';
      this.#report({ index, rule: 'record-missing', message, severity: 'error' });
    }
  }

  #erase(by: number, indexes: readonly number[]): void {
    for (const index of indexes) {
      if (index < by) {
        this.#fate.set(index, ERASED);
        continue;
      }
      const message = `it erases the record of leaf ${index}, which is not before it`;
      this.#report({ index: by, rule: 'erasure-reference', message, severity: 'error' });
    }
  }
}
