import type { LintRule } from '../lint-rule.ts';
export declare const form: LintRule;
//# sourceMappingURL=w032-form.d.ts.map