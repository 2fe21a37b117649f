import type { Leaf } from './leaf.ts';
import type { LedgerRecord } from './record.ts';

/** In words, how a record and the leaf that commits to it tell different things; null when they agree. */
export function recordDifference(record: LedgerRecord, leaf: Leaf): string | null {
  if (record.type !== leaf.type) return `the record is of type ${record.type}, the leaf of type ${leaf.type}`;
  if (record.type === 'issue' && record.credential_class !== leaf.credentialClass) {
    return `the record is of class ${record.credential_class}, the leaf of class ${leaf.credentialClass}`;
  }
  return null;
}
