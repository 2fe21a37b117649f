import { DigestIndex } from './digest-index.ts';
import type { Report } from './finding.ts';
import type { LeafRule } from './leaf-rule.ts';

/** No two issuances are of the same bytes: one entry authorises one signature. */
export function duplicateRule(report: Report): LeafRule {
  const seen = new DigestIndex();
  return ({ index, leaf }) => {
    if (leaf.tbs === null) return;
    const before = seen.add(leaf.tbs, index);
    if (before === null) return;
    const message = `its tbs digest is that of leaf ${before}`;
    report({ index, rule: 'issue-duplicate', message, severity: 'error' });
  };
}
