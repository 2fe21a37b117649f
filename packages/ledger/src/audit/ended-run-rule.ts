import type { DecisionRecord } from '../record.ts';
import type { Report } from './finding.ts';
import type { LeafRule } from './leaf-rule.ts';

/** Decisions that end a run. */
const ENDS: ReadonlySet<DecisionRecord['decision']> = new Set<DecisionRecord['decision']>(['deny', 'cancel']);

/** Nothing comes of a run after somebody denied or cancelled it, whoever approved. */
export function endedRunRule(report: Report): LeafRule {
  const ended = new Map<string, { readonly how: string; readonly at: number }>();
  return ({ index, record }) => {
    if (record?.type === 'decision' && ENDS.has(record.decision) && !ended.has(record.run)) {
      ended.set(record.run, { how: record.decision, at: index });
    }
    if (record?.type !== 'issue' && record?.type !== 'identity' && record?.type !== 'artefacts') return;
    if (record.run === undefined) return;
    const end = ended.get(record.run);
    if (end === undefined) return;
    const message = `its run \`${record.run}\` was ended by \`${end.how}\` at leaf ${end.at}`;
    report({ index, rule: 'run-ended', message, severity: 'critical' });
  };
}
