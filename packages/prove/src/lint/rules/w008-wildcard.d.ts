import type { LintRule } from '../lint-rule.ts';
export declare const wildcard: LintRule;
//# sourceMappingURL=w008-wildcard.d.ts.map