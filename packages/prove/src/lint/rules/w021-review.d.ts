import type { LintRule } from '../lint-rule.ts';
export declare const review: LintRule;
//# sourceMappingURL=w021-review.d.ts.map