import type { Demand } from '../../model/model.ts';
import type { Inquiry } from '../inquiry.ts';
import type { LintRule } from '../lint-rule.ts';
export declare const unreachable: LintRule;
/** Whether an approval is ever demanded of what the stages before it let through. */
export declare function reachable(inquiry: Inquiry, { when }: Demand): boolean;
//# sourceMappingURL=w010-unreachable.d.ts.map