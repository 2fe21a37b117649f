import type { LintRule } from '../lint-rule.ts';
export declare const rotation: LintRule;
//# sourceMappingURL=w020-rotation.d.ts.map