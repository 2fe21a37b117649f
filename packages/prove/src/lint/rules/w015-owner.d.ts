import type { LintRule } from '../lint-rule.ts';
export declare const owner: LintRule;
//# sourceMappingURL=w015-owner.d.ts.map