import type { LintRule } from '../lint-rule.ts';
export declare const gap: LintRule;
//# sourceMappingURL=w034-gap.d.ts.map