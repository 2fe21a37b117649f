import type { LintRule } from '../lint-rule.ts';
export declare const bearer: LintRule;
//# sourceMappingURL=w013-bearer.d.ts.map