import type { LintRule } from '../lint-rule.ts';
export declare const validator: LintRule;
//# sourceMappingURL=w014-validator.d.ts.map