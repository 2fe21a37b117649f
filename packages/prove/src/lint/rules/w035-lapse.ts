import { atom, atomsOf, not, oneOf } from '../../formula/formula.ts';
import type { Demand } from '../../model/model.ts';
import { exampleOf } from '../example.ts';
import type { Found } from '../finding.ts';
import type { Inquiry } from '../inquiry.ts';
import type { LintRule } from '../lint-rule.ts';
import { type Readable, readablesOf, speaksOf } from '../readable.ts';
import { approvalsOf, issued } from '../statements.ts';

export const lapse: LintRule = {
  id: 'W035',
  severity: 'error',
  title: 'an approval that lapses for a value nobody named',
  by: 'prover',
  why: `\`== "closed"\` demands an approval while the window is closed, and lapses for every other value, also one that is added to
the enumeration next year. \`!= "open"\` names the value for which nobody need agree. Found where an approval lapses for a value of an
enumerated fact or claim which its condition does not name. Fields of the request are closed and exempt.`,
  help: 'name the values for which nobody need agree: `!=` in place of `==`',
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
    when: 'facts.change_window == "closed"'
    require: { from: group:security-reviewers }
    expires: 1h
    reuse: none`,
  ],
  check: ({ inquiry }) => {
    const enumerated = readablesOf(inquiry).filter(({ oneOf: values }) => values !== null);
    return approvalsOf(inquiry).flatMap((demand) =>
      enumerated
        .filter(({ name }) => speaksOf(demand.when, name))
        .flatMap((readable) => lapses(inquiry, demand, readable)),
    );
  },
};

function lapses(inquiry: Inquiry, demand: Demand, { name, path, oneOf: values }: Readable): readonly Found[] {
  const named = new Set(
    atomsOf([demand.when]).flatMap((each) =>
      each.test === 'is' && each.of === name ? [String(each.value)] : [],
    ),
  );
  const unnamed = (values ?? []).filter((value) => !named.has(value));
  const other = inquiry.another(name, 'other');
  const over = [
    ...issued(inquiry),
    ...issued(inquiry).map(other.of),
    atom({ test: 'present', of: other.name }),
    not(demand.when),
    other.of(demand.when),
  ];
  const questions = inquiry.over([...over, oneOf(name, values ?? [])]);
  const found = unnamed.flatMap((value) => {
    const statements = [...over, oneOf(name, [value])];
    const example = exampleOf(inquiry, questions, { statements, demands: inquiry.model.demands });
    return example === null ? [] : [{ value, example }];
  });
  const [first] = found;
  if (first === undefined) return [];
  const which = found.map(({ value }) => `\`${value}\``).join(', ');
  const message = `it lapses where \`${path}\` is ${which}, which its condition does not name`;
  return [{ rule: demand.id, at: `${demand.id}.when`, message, example: first.example }];
}
