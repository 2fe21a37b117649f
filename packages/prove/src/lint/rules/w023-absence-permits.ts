import { escapes } from '../../cover.ts';
import { atom, type Formula, not } from '../../formula/formula.ts';
import type { Demand } from '../../model/model.ts';
import { exampleOf } from '../example.ts';
import type { Found } from '../finding.ts';
import type { Another, Inquiry } from '../inquiry.ts';
import type { LintRule } from '../lint-rule.ts';
import { type Readable, readablesOf, speaksOf } from '../readable.ts';
import { issued } from '../statements.ts';

export const absencePermits: LintRule = {
  id: 'W023',
  severity: 'error',
  title: 'an absent fact that permits',
  by: 'prover',
  why: `Some request is issued because an optional claim, or attribute of the identity, is not there: with one value it would be
refused or need somebody's approval, with another not, and its absence counts as the better one. Whoever can leave it out has the
better one. Declared facts cannot be absent, what whoever asks may choose is no evidence, and a rule that asks only whether something
is there is left alone.`,
  help: 'let the absent one count as the worse: refuse unless `has … && … ==`',
  good: [
    `policy:
  permit:
    - { id: nightly, when: 'evidence.github.event_name == "schedule"' }
  forbid:
    - id: protected-only
      because: only protected branches are reviewed
      when: '!(evidence.github has ref_protected && evidence.github.ref_protected == "true")'`,
  ],
  bad: [
    `policy:
  permit:
    - { id: nightly, when: 'evidence.github.event_name == "schedule"' }
  forbid:
    - id: protected-only
      because: only protected branches are reviewed
      when: 'evidence.github has ref_protected && evidence.github.ref_protected == "false"'`,
  ],
  check: ({ inquiry }) =>
    readablesOf(inquiry)
      .filter(({ attribute }) => attribute.optional)
      .flatMap((readable) => absent(inquiry, readable)),
};

/** One way to be refused, or to need somebody, that depends on the fact. */
interface Hurdle {
  readonly rule: string;
  readonly raised: Formula;
}

function absent(inquiry: Inquiry, readable: Readable): readonly Found[] {
  const { rules, demands } = inquiry.model;
  const reads = (formula: Formula): boolean => speaksOf(formula, readable.name);
  const policy = rules.filter(({ stage, formula }) => stage === 'policy' && reads(formula));
  const asking = demands.filter(({ stage, when }) => stage === 'approval' && reads(when));
  if (policy.length + asking.length === 0) return [];
  const good = inquiry.another(readable.name, 'good');
  const bad = inquiry.another(readable.name, 'bad');
  const hurdles: readonly Hurdle[] = [
    ...policy.map(({ id, formula }) => ({ rule: id, raised: not(bad.of(formula)) })),
    ...asking.map((demand) => ({ rule: demand.id, raised: escapes(changed(demand, bad), demands) })),
  ];
  const through = [
    ...issued(inquiry),
    ...besides(inquiry, good, readable),
    ...issued(inquiry).map((formula) => good.of(formula)),
    ...besides(inquiry, bad, readable),
    not(atom({ test: 'present', of: readable.name })),
  ];
  const questions = inquiry.over([...through, ...hurdles.map(({ raised }) => raised)]);
  const found = hurdles.flatMap(({ rule, raised }): Found[] => {
    const statements = [...through, raised];
    const example = exampleOf(inquiry, questions, { statements, demands });
    if (example === null) return [];
    const message = `\`${readable.path}\` is better absent than with some values`;
    return [{ rule: permitting(inquiry, rule, reads), message, example }];
  });
  return found.slice(0, 1);
}

/** The other value is there, and what always holds does of it. */
function besides(inquiry: Inquiry, another: Another, { name }: Readable): readonly Formula[] {
  const axioms = inquiry.axioms.filter((formula) => speaksOf(formula, name));
  return [atom({ test: 'present', of: another.name }), ...axioms.map((formula) => another.of(formula))];
}

function changed(demand: Demand, { of }: Another): Demand {
  return { ...demand, when: of(demand.when), possible: of(demand.possible) };
}

/** That nothing permits is told of the first permit that reads the fact. */
function permitting({ model }: Inquiry, rule: string, reads: (formula: Formula) => boolean): string {
  if (rule !== 'policy.permit') return rule;
  const alternatives = model.rules.find(({ id }) => id === rule)?.alternatives ?? [];
  return alternatives.find(({ formula }) => reads(formula))?.id ?? rule;
}
