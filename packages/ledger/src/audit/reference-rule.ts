import type { Hash } from '../hash.ts';
import { encodeUtf8 } from '../utf8.ts';
import type { Report } from './finding.ts';
import { IndexTable } from './index-table.ts';
import type { LeafRule } from './leaf-rule.ts';

/** Marks an issuance whose credential is not known, as its record is not given or does not name it. */
const UNNAMED = 1;

/** A revocation or an abort names an earlier issuance, and a revocation the credential issued there. */
export function referenceRule(hash: Hash, report: Report): LeafRule {
  const issued = new IndexTable();
  return ({ index, leaf, record }) => {
    if (leaf.type === 'issue') {
      const credential = record?.type === 'issue' ? record.credential : undefined;
      issued.set(index, credential === undefined ? UNNAMED : fingerprint(hash, credential));
    }
    if (record?.type !== 'revoke' && record?.type !== 'abort') return;
    const of = record.issue_index;
    const found = issued.get(of);
    if (of >= index || found === 0) {
      const message = `leaf ${of}, which it refers to, is not an issuance before it`;
      report({ index, rule: 'issue-reference', message, severity: 'error' });
    } else if (
      record.type === 'revoke' &&
      found !== UNNAMED &&
      found !== fingerprint(hash, record.credential)
    ) {
      const message = `leaf ${of}, which it refers to, issued another credential than \`${record.credential}\``;
      report({ index, rule: 'issue-reference', message, severity: 'error' });
    }
  };
}

/** 48 bits of the hash of a credential's id, above `UNNAMED`: the ids themselves would not fit into memory. */
function fingerprint(hash: Hash, credential: string): number {
  let value = 0;
  for (const byte of hash(encodeUtf8(credential)).subarray(0, 6)) value = value * 256 + byte;
  return value + UNNAMED + 1;
}
