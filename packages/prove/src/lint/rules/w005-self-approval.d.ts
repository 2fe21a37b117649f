import type { LintRule } from '../lint-rule.ts';
export declare const selfApproval: LintRule;
//# sourceMappingURL=w005-self-approval.d.ts.map