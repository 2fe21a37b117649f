import type { LintRule } from '../lint-rule.ts';
export declare const ttlOverBounds: LintRule;
//# sourceMappingURL=w003-ttl-over-bounds.d.ts.map