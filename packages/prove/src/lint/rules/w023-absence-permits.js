import { escapes } from '../../cover.js';
import { atom, not } from '../../formula/formula.js';
import { exampleOf } from '../example.js';
import { readablesOf, speaksOf } from '../readable.js';
import { issued } from '../statements.js';
export const absencePermits = {
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
    check: ({ inquiry }) => readablesOf(inquiry)
        .filter(({ attribute }) => attribute.optional)
        .flatMap((readable) => absent(inquiry, readable)),
};
function absent(inquiry, readable) {
    const { rules, demands } = inquiry.model;
    const reads = (formula) => speaksOf(formula, readable.name);
    const policy = rules.filter(({ stage, formula }) => stage === 'policy' && reads(formula));
    const asking = demands.filter(({ stage, when }) => stage === 'approval' && reads(when));
    if (policy.length + asking.length === 0)
        return [];
    const good = inquiry.another(readable.name, 'good');
    const bad = inquiry.another(readable.name, 'bad');
    const hurdles = [
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
    const found = hurdles.flatMap(({ rule, raised }) => {
        const statements = [...through, raised];
        const example = exampleOf(inquiry, questions, { statements, demands });
        if (example === null)
            return [];
        const message = `\`${readable.path}\` is better absent than with some values`;
        return [{ rule: permitting(inquiry, rule, reads), message, example }];
    });
    return found.slice(0, 1);
}
/** The other value is there, and what always holds does of it. */
function besides(inquiry, another, { name }) {
    const axioms = inquiry.axioms.filter((formula) => speaksOf(formula, name));
    return [atom({ test: 'present', of: another.name }), ...axioms.map((formula) => another.of(formula))];
}
function changed(demand, { of }) {
    return { ...demand, when: of(demand.when), possible: of(demand.possible) };
}
/** That nothing permits is told of the first permit that reads the fact. */
function permitting({ model }, rule, reads) {
    if (rule !== 'policy.permit')
        return rule;
    const alternatives = model.rules.find(({ id }) => id === rule)?.alternatives ?? [];
    return alternatives.find(({ formula }) => reads(formula))?.id ?? rule;
}
//# sourceMappingURL=w023-absence-permits.js.map