import type { LintRule } from '../lint-rule.ts';
export declare const sharedKey: LintRule;
//# sourceMappingURL=w033-shared-key.d.ts.map