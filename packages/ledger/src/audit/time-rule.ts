import type { Report } from './finding.ts';
import type { LeafRule } from './leaf-rule.ts';

/** Time never runs backwards from one leaf to the next. */
export function timeRule(report: Report): LeafRule {
  let last = 0;
  return ({ index, leaf }) => {
    if (leaf.timeMs < last) {
      const message = `its time ${leaf.timeMs} is ${last - leaf.timeMs} ms before that of a leaf before it`;
      report({ index, rule: 'time-backwards', message, severity: 'error' });
    }
    last = Math.max(last, leaf.timeMs);
  };
}
