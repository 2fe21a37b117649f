import { describe } from '../document/node.ts';
import {
  choice,
  dictionary,
  duration,
  formed,
  list,
  object,
  optional,
  refine,
  required,
  type Shape,
  text,
} from '../document/shape.ts';
import { patternProblem } from '../match/pattern.ts';
import type { Match, ProofDefinition, ProofStage } from './definition.ts';
import { factPath, pathName } from './names.ts';

const like: Shape<string> = refine(text, (pattern, node, report) => {
  const problem = patternProblem(pattern);
  if (problem === null) return pattern;
  report(node.at, problem);
  return undefined;
});

/** An exact value, or a map with exactly one of the other forms. */
const match: Shape<Match> = (node, report) => {
  if (node.kind === 'scalar') {
    const exact = text(node, report);
    return exact === undefined ? undefined : { exact };
  }
  const [form, ...more] = node.kind === 'map' ? node.entries : [];
  if (form === undefined || more.length > 0) {
    report(node.at, `expected a value, or one of like, one-of, same-as, contains; found ${describe(node)}`);
    return undefined;
  }
  switch (form.key) {
    case 'like':
      return wrap(like(form.value, report), (value) => ({ like: value }));
    case 'one-of':
      return wrap(list(text)(form.value, report), (value) => ({ oneOf: value }));
    case 'same-as':
      return wrap(factPath(form.value, report), (value) => ({ sameAs: value }));
    case 'contains':
      return wrap(text(form.value, report), (value) => ({ contains: value }));
    default:
      report(form.keyAt, `unknown form \`${form.key}\`; expected like, one-of, same-as or contains`);
      return undefined;
  }
};

function wrap<T, U>(value: T | undefined, make: (value: T) => U): U | undefined {
  return value === undefined ? undefined : make(value);
}

const proof: Shape<ProofDefinition> = refine(
  object({
    id: required(formed(/^[a-z][a-z0-9_]*$/, 'a name such as `github`')),
    as: optional(choice(['subject', 'actor']), 'subject' as const),
    anchor: required(pathName),
    'max-age': required(duration),
    match: required(dictionary(/^[a-zA-Z_][a-zA-Z0-9_]*$/, match)),
  }),
  (value) => ({
    id: value.id,
    role: value.as,
    anchor: value.anchor,
    maxAge: value['max-age'],
    match: value.match,
  }),
);

export const proofStage: Shape<ProofStage> = refine(
  object({
    'min-assurance': required(choice([1, 2, 3])),
    any: optional(list(proof, 16), null),
    all: optional(list(proof, 16), null),
  }),
  (value, node, report) => {
    const proofs = value.any ?? value.all;
    if (proofs === null || (value.any !== null && value.all !== null)) {
      report(node.at, 'exactly one of `any` and `all` must stand here');
      return undefined;
    }
    const ids = new Set(proofs.map(({ id }) => id));
    if (ids.size < proofs.length) report(node.at, 'two proofs have the same id');
    return { minAssurance: value['min-assurance'], mode: value.any === null ? 'all' : 'any', proofs };
  },
);
