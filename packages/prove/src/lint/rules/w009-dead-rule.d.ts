import type { LintRule } from '../lint-rule.ts';
export declare const deadRule: LintRule;
//# sourceMappingURL=w009-dead-rule.d.ts.map