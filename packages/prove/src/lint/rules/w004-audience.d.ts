import type { LintRule } from '../lint-rule.ts';
export declare const audience: LintRule;
//# sourceMappingURL=w004-audience.d.ts.map