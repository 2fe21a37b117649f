import type { LintRule } from '../lint-rule.ts';
export declare const unattended: LintRule;
//# sourceMappingURL=w001-unattended.d.ts.map