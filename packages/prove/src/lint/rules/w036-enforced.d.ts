import type { LintRule } from '../lint-rule.ts';
export declare const enforced: LintRule;
//# sourceMappingURL=w036-enforced.d.ts.map