import type { LintRule } from '../lint-rule.ts';
export declare const absencePermits: LintRule;
//# sourceMappingURL=w023-absence-permits.d.ts.map