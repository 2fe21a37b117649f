import type { LintRule } from '../lint-rule.ts';
export declare const activation: LintRule;
//# sourceMappingURL=w011-activation.d.ts.map