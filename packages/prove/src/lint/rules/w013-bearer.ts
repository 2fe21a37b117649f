import { isAct } from '@writ/flow';
import { atMost, not, oneOf, TRUE } from '../../formula/formula.ts';
import * as names from '../../model/names.ts';
import { exampleOf } from '../example.ts';
import type { LintRule } from '../lint-rule.ts';
import { issued } from '../statements.ts';

/** Milliseconds a bearer credential of tier 2 or 3 may live without a source. */
const BRIEF = 600_000;

export const bearer: LintRule = {
  id: 'W013',
  severity: 'error',
  title: 'a bearer credential that lives long or reaches production',
  by: 'prover',
  why: `Some request is issued without a key of the holder and without a source it may be used from, for more than ten minutes or
in tier 0 or 1. Whoever finds it can use it. Acts are exempt: they issue nothing.`,
  help: 'take `none` out of `bind.pop`, say `bind.source`, or let it live ten minutes at most',
  good: ['bind: { pop: [dpop] }'],
  bad: [
    `request:
  by: { kinds: [workload] }
  audience: { one-of: ["https://billing.acme.example"] }
  scopes: { subset-of: ["artifacts:read", "artifacts:write"] }
  ttl: { max: 11m }
bind: { pop: [none] }
deliver: { to: [vault/reports] }
lifecycle: { renewable: false, max-lifetime: 11m, recover: none, revoke-on: [owner.offboarded] }`,
  ],
  check: ({ definition, inquiry }) => {
    const { bind, issues, tier } = definition;
    if (isAct(issues) || bind.source !== null || !bind.pop.includes('none')) return [];
    const statements = [
      ...issued(inquiry),
      oneOf(names.BINDING, ['none']),
      tier <= 1 ? TRUE : not(atMost(names.TTL, BRIEF)),
    ];
    const questions = inquiry.over(statements);
    const example = exampleOf(inquiry, questions, { statements, demands: inquiry.model.demands });
    if (example === null) return [];
    const why = tier <= 1 ? `of tier ${tier}` : 'for longer than ten minutes';
    return [{ rule: 'bind.pop', message: `issued without a key, ${why}, and usable from anywhere`, example }];
  },
};
