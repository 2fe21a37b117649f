import { and, atom, atomsOf, type Formula, or } from '../../formula/formula.ts';
import { exampleOf } from '../example.ts';
import type { Found } from '../finding.ts';
import type { Another, Inquiry } from '../inquiry.ts';
import type { LintRule } from '../lint-rule.ts';
import { type Readable, readablesOf, speaksOf } from '../readable.ts';
import { approvalsOf, issued, unasked } from '../statements.ts';

export const gap: LintRule = {
  id: 'W034',
  severity: 'warning',
  title: 'a threshold beyond which a step-up lapses again',
  by: 'prover',
  why: `An approval that a number calls for, risk for instance, is demanded in a range and lapses on both sides of it: some request
needs nobody below, somebody within, and nobody above. Thresholds that were moved one without the other leave such gaps.`,
  help: 'let the next threshold begin where this one ends',
  good: [
    `facts: { risk: { source: risk/agents, type: { score: long }, max-age: 60s } }
approval:
  - id: step-up
    when: 'facts.risk.score >= 30'
    require: { from: group:security-reviewers }
    expires: 1h
    reuse: none`,
  ],
  bad: [
    `facts: { risk: { source: risk/agents, type: { score: long }, max-age: 60s } }
approval:
  - id: step-up
    when: 'facts.risk.score >= 30 && facts.risk.score < 40'
    require: { from: group:security-reviewers }
    expires: 1h
    reuse: none`,
  ],
  check: ({ inquiry }) =>
    readablesOf(inquiry)
      .filter(({ attribute }) => attribute.kind === 'number')
      .flatMap((readable) => gapsIn(inquiry, readable)),
};

function gapsIn(inquiry: Inquiry, { name, path }: Readable): readonly Found[] {
  const asking = approvalsOf(inquiry).filter(({ when }) => orders(when, name));
  if (asking.length === 0) return [];
  const below = inquiry.another(name, 'below');
  const within = inquiry.another(name, 'within');
  const free = [...issued(inquiry), ...unasked(inquiry)];
  const all = (formulas: readonly Formula[], { of }: Another): readonly Formula[] =>
    [...formulas, ...inquiry.axioms.filter((formula) => speaksOf(formula, name))].map(of);
  const asked = or(...asking.map(({ when }) => within.of(when)));
  const statements = [
    ...free,
    ...all(free, below),
    ...all(issued(inquiry), within),
    asked,
    atom({ test: 'below', left: below.name, right: within.name }),
    atom({ test: 'below', left: within.name, right: name }),
  ];
  const example = exampleOf(inquiry, inquiry.over(statements), {
    statements,
    demands: inquiry.model.demands,
  });
  if (example === null) return [];
  const questions = inquiry.over(statements);
  const lapsing = asking.find(({ when }) => questions.possible([...statements, and(within.of(when))]));
  const message = `demanded in a range of \`${path}\`, and not above it`;
  const id = lapsing?.id ?? 'approval';
  return [{ rule: id, at: `${id}.when`, message, example }];
}

/** Whether a condition asks for more or less of a number; one that asks for a certain number has no sides. */
function orders(when: Formula, name: string): boolean {
  return atomsOf([when]).some(
    (each) =>
      (each.test === 'at-most' && each.of === name) ||
      (each.test === 'below' && (each.left === name || each.right === name)),
  );
}
