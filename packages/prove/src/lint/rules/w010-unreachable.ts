import { STAGES, type Stage } from '@writ/core';
import { type Formula, implies } from '../../formula/formula.ts';
import type { Demand } from '../../model/model.ts';
import type { Found } from '../finding.ts';
import type { Inquiry } from '../inquiry.ts';
import type { LintRule } from '../lint-rule.ts';
import { approvalsOf, issued } from '../statements.ts';

export const unreachable: LintRule = {
  id: 'W010',
  severity: 'error',
  title: 'a stage or an approval that nothing reaches',
  by: 'prover',
  why: `An approval whose condition never holds of what the policy lets through is a control that looks as if it were there. A stage
that nothing gets past makes every later one dead, and the flow issues nothing. Guardrails are left out where an approval is judged.`,
  help: 'mend the condition, or delete what is not meant',
  good: [
    `approval:
  - id: out-of-hours
    when: 'facts.change_window != "open"'
    require: { from: group:security-reviewers }
    expires: 1h
    reuse: none`,
  ],
  bad: [
    `approval:
  - id: out-of-hours
    when: 'facts.change_window != "open" && evidence.github.event_name == "push"'
    require: { from: group:security-reviewers }
    expires: 1h
    reuse: none`,
  ],
  check: ({ inquiry, alone }) => {
    if (!inquiry.plain.possible(issued(inquiry))) return [impasse(inquiry)];
    return approvalsOf(alone)
      .filter((demand) => !reachable(alone, demand))
      .map(
        ({ id }): Found => ({
          rule: id,
          at: `${id}.when`,
          message: 'its condition holds of nothing that the stages before it let through',
        }),
      );
  },
};

/** Whether an approval is ever demanded of what the stages before it let through. */
export function reachable(inquiry: Inquiry, { when }: Demand): boolean {
  return inquiry.plain.possible([...upTo(inquiry, 'policy'), when]);
}

/** What all stages up to this one ask. */
function upTo({ model }: Inquiry, last: Stage): readonly Formula[] {
  const stages: ReadonlySet<string> = new Set(STAGES.slice(0, STAGES.indexOf(last) + 1));
  return [
    ...model.rules.filter(({ stage }) => stages.has(stage)).map(({ formula }) => formula),
    ...model.demands
      .filter(({ stage }) => stages.has(stage))
      .map(({ when, possible }) => implies(when, possible)),
  ];
}

/** The first stage that nothing gets past, and the rule of it that stops everything where it is one. */
function impasse(inquiry: Inquiry): Found {
  const stage = STAGES.find((each) => !inquiry.plain.possible(upTo(inquiry, each))) ?? 'lifecycle';
  const previous = STAGES[STAGES.indexOf(stage) - 1];
  const before = previous === undefined ? [] : upTo(inquiry, previous);
  const { rules, demands } = inquiry.model;
  const each = [
    ...rules,
    ...demands.map((demand) => ({ ...demand, formula: implies(demand.when, demand.possible) })),
  ].filter((rule) => rule.stage === stage);
  const alone = each.find(({ formula }) => !inquiry.plain.possible([...before, formula]));
  return {
    rule: alone?.id ?? stage,
    message: `nothing gets past the stage ${stage}, so that nothing is ever issued`,
    help: 'mend what stops everything',
  };
}
