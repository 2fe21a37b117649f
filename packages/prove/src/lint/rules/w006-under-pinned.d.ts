import type { LintRule } from '../lint-rule.ts';
export declare const underPinned: LintRule;
//# sourceMappingURL=w006-under-pinned.d.ts.map