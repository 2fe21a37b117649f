import type { KeyRecord } from '../record.ts';
import type { Report } from './finding.ts';
import type { LeafRule } from './leaf-rule.ts';

/** What must have happened to a key before each event. */
const BEFORE: Readonly<Record<KeyRecord['event'], KeyRecord['event'] | null>> = {
  prepared: null,
  activated: 'prepared',
  retired: 'activated',
};

/** A key is prepared, activated, retired, once each and in this order; an issuance uses an activated one. */
export function keyRule(report: Report): LeafRule {
  const stateOf = new Map<string, KeyRecord['event']>();
  return ({ index, record }) => {
    if (record?.type === 'key') {
      const state = stateOf.get(record.kid) ?? null;
      if (state !== BEFORE[record.event]) {
        const message = `key \`${record.kid}\` is ${record.event} while it is ${state ?? 'unknown'}`;
        report({ index, rule: 'key-order', message, severity: 'error' });
      }
      stateOf.set(record.kid, record.event);
    }
    if (record?.type !== 'issue' || record.kid === undefined) return;
    const state = stateOf.get(record.kid) ?? 'unknown';
    if (state === 'activated') return;
    const message = `issued under key \`${record.kid}\` while it is ${state}`;
    report({ index, rule: 'issue-key', message, severity: 'critical' });
  };
}
