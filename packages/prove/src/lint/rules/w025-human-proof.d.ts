import type { LintRule } from '../lint-rule.ts';
export declare const humanProof: LintRule;
//# sourceMappingURL=w025-human-proof.d.ts.map