import type { LintRule } from '../lint-rule.ts';
export declare const delivery: LintRule;
//# sourceMappingURL=w012-delivery.d.ts.map