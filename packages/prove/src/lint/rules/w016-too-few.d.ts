import type { LintRule } from '../lint-rule.ts';
export declare const tooFew: LintRule;
//# sourceMappingURL=w016-too-few.d.ts.map