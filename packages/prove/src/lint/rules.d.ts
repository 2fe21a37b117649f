import type { LintRule } from './lint-rule.ts';
/** The table of what is decided, in its order. */
export declare const LINT_RULES: readonly LintRule[];
//# sourceMappingURL=rules.d.ts.map