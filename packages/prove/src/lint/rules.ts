import type { LintRule } from './lint-rule.ts';
import { unattended } from './rules/w001-unattended.ts';
import { ttlOverBounds } from './rules/w003-ttl-over-bounds.ts';
import { audience } from './rules/w004-audience.ts';
import { selfApproval } from './rules/w005-self-approval.ts';
import { deadRule } from './rules/w009-dead-rule.ts';
import { unreachable } from './rules/w010-unreachable.ts';

/** The table. */
export const LINT_RULES: readonly LintRule[] = [
  unattended,
  ttlOverBounds,
  audience,
  selfApproval,
  deadRule,
  unreachable,
];
