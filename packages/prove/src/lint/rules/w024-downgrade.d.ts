import type { LintRule } from '../lint-rule.ts';
export declare const downgrade: LintRule;
//# sourceMappingURL=w024-downgrade.d.ts.map