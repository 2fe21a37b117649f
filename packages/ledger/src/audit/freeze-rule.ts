import type { IssueRecord } from '../record.ts';
import type { Report } from './finding.ts';
import type { LeafRule } from './leaf-rule.ts';

const EVERYTHING = 'everything';

/** No issuance touches a scope after the leaf that froze it and before the leaf that lifted that. */
export function freezeRule(report: Report): LeafRule {
  const frozenAt = new Map<string, number>();
  return ({ index, record }) => {
    if (record?.type === 'freeze') frozenAt.set(record.scope, index);
    if (record?.type === 'unfreeze' && !frozenAt.delete(record.scope)) {
      const message = `it lifts a freeze of \`${record.scope}\` that is not there`;
      report({ index, rule: 'unfreeze-without-freeze', message, severity: 'error' });
    }
    if (record?.type !== 'issue' || frozenAt.size === 0) return;
    for (const scope of scopesOf(record)) {
      const at = frozenAt.get(scope);
      if (at === undefined) continue;
      const message = `issued although \`${scope}\` has been frozen since leaf ${at}`;
      report({ index, rule: 'issue-while-frozen', message, severity: 'critical' });
    }
  };
}

// The scopes a record declares, and those that follow from its other members: a record that left one out to
// slip past a freeze is found too.
function scopesOf(record: IssueRecord): ReadonlySet<string> {
  return new Set([
    ...record.freeze_scopes,
    EVERYTHING,
    `identity:${record.identity}`,
    `owner:${record.owner}`,
    `right:${record.right}`,
    `flow:${record.flow.name}`,
    ...record.evidence.map((evidence) => `anchor:${evidence.anchor}`),
  ]);
}
