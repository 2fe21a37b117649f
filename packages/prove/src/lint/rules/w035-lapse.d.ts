import type { LintRule } from '../lint-rule.ts';
export declare const lapse: LintRule;
//# sourceMappingURL=w035-lapse.d.ts.map