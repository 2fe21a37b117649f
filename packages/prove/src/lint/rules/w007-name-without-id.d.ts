import type { LintRule } from '../lint-rule.ts';
export declare const nameWithoutId: LintRule;
//# sourceMappingURL=w007-name-without-id.d.ts.map