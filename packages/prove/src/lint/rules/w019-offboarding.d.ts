import type { LintRule } from '../lint-rule.ts';
export declare const offboarding: LintRule;
//# sourceMappingURL=w019-offboarding.d.ts.map