import type { Expression } from '@writ/flow';
import { and, FALSE, type Formula, flag, not, or, TRUE } from './formula.ts';
import {
  below,
  contains,
  containsAll,
  containsAny,
  equal,
  isEmpty,
  likes,
  numberOf,
  type Term,
} from './term.ts';
import { Unsupported } from './vocabulary.ts';

/** When an expression is true and when it is false. Where neither, evaluating it reads what is absent, and that refuses. */
export interface Truth {
  readonly holds: Formula;
  readonly fails: Formula;
  /** one of the two always holds, for certain */
  readonly total: boolean;
}

/** What a path leads to, and when it is there. */
export interface Found {
  readonly present: Formula;
  readonly kind: 'text' | 'number' | 'flag' | 'set' | 'record';
  /** the attribute, unless it is a record */
  readonly attribute: string;
}

export type Resolve = (path: readonly string[]) => Found;

/** A value that an expression can take, and when. The cases exclude each other. */
interface Case {
  readonly when: Formula;
  readonly term: Term;
}

const BOOLEAN: ReadonlySet<Expression['op']> = new Set([
  'has',
  'not',
  'is-empty',
  'like',
  'and',
  'or',
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'contains',
  'contains-all',
  'contains-any',
]);

/** The condition as formulas, with the evaluation order and the absent facts of the runtime. */
export function compileCondition(expression: Expression, resolve: Resolve): Truth {
  return new Compiler(resolve, new Set()).truth(expression);
}

class Compiler {
  readonly #found: Resolve;
  /** paths that have been asked for with `has` before, and are there wherever this is reached */
  readonly #there: ReadonlySet<string>;

  constructor(found: Resolve, there: ReadonlySet<string>) {
    this.#found = found;
    this.#there = there;
  }

  #resolve(path: readonly string[]): Found {
    const found = this.#found(path);
    return this.#there.has(path.join('.')) ? { ...found, present: TRUE } : found;
  }

  /** For what is reached only where `expression` holds. */
  #behind(expression: Expression): Compiler {
    const asked = askedFor(expression);
    return asked.length === 0 ? this : new Compiler(this.#found, new Set([...this.#there, ...asked]));
  }

  truth(expression: Expression): Truth {
    switch (expression.op) {
      case 'value':
        return constant(expression.value === true);
      case 'get': {
        const { present, attribute } = this.#resolve(expression.path);
        return decided(present, flag(attribute));
      }
      case 'has':
        return this.#presence(expression.path, expression.names);
      case 'not': {
        const { holds, fails, total } = this.truth(expression.arg);
        return { holds: fails, fails: holds, total };
      }
      case 'and': {
        const left = this.truth(expression.left);
        const right = this.#behind(expression.left).truth(expression.right);
        const fails = or(left.fails, left.total ? right.fails : and(left.holds, right.fails));
        return { holds: and(left.holds, right.holds), fails, total: left.total && right.total };
      }
      case 'or': {
        const [left, right] = [this.truth(expression.left), this.truth(expression.right)];
        const holds = or(left.holds, left.total ? right.holds : and(left.fails, right.holds));
        return { holds, fails: and(left.fails, right.fails), total: left.total && right.total };
      }
      case 'if': {
        const test = this.truth(expression.test);
        const then = this.#behind(expression.test).truth(expression.then);
        const otherwise = this.truth(expression.otherwise);
        return {
          holds: or(and(test.holds, then.holds), and(test.fails, otherwise.holds)),
          fails: or(and(test.holds, then.fails), and(test.fails, otherwise.fails)),
          total: test.total && then.total && otherwise.total,
        };
      }
      case 'is-empty':
        return this.#unary(expression.arg, isEmpty);
      case 'like': {
        const { pattern } = expression;
        return this.#unary(expression.arg, (term) => likes(term, pattern));
      }
      case 'ne': {
        const { holds, fails, total } = this.truth({ ...expression, op: 'eq' });
        return { holds: fails, fails: holds, total };
      }
      case 'eq':
        if (this.#isBoolean(expression.left) || this.#isBoolean(expression.right))
          return this.#agreement(expression.left, expression.right);
        return this.#binary(expression.left, expression.right, equal);
      case 'lt':
        return this.#binary(expression.left, expression.right, below);
      case 'ge':
        return this.#binary(expression.left, expression.right, (a, b) => not(below(a, b)));
      case 'gt':
        return this.#binary(expression.left, expression.right, (a, b) => below(b, a));
      case 'le':
        return this.#binary(expression.left, expression.right, (a, b) => not(below(b, a)));
      case 'contains':
        return this.#binary(expression.left, expression.right, contains);
      case 'contains-all':
        return this.#binary(expression.left, expression.right, containsAll);
      case 'contains-any':
        return this.#binary(expression.left, expression.right, containsAny);
      case 'extension':
      case 'set':
        throw new Unsupported('a condition that is neither true nor false');
    }
  }

  #isBoolean(expression: Expression): boolean {
    if (expression.op === 'value') return typeof expression.value === 'boolean';
    if (expression.op === 'get') return this.#resolve(expression.path).kind === 'flag';
    if (expression.op === 'if') return this.#isBoolean(expression.then);
    return BOOLEAN.has(expression.op);
  }

  #agreement(a: Expression, b: Expression): Truth {
    const [left, right] = [this.truth(a), this.truth(b)];
    return {
      holds: or(and(left.holds, right.holds), and(left.fails, right.fails)),
      fails: or(and(left.holds, right.fails), and(left.fails, right.holds)),
      total: left.total && right.total,
    };
  }

  /** The record must be there to be asked; each step into it may be missing. */
  #presence(path: readonly string[], names: readonly string[]): Truth {
    const base = path.length === 0 ? TRUE : this.#resolve(path).present;
    const steps = names.map((_, i) => this.#resolve([...path, ...names.slice(0, i + 1)]).present);
    return decided(base, and(...steps));
  }

  #unary(arg: Expression, relation: (term: Term) => Formula): Truth {
    return weighed(this.#cases(arg).map(({ when, term }) => ({ when, holds: relation(term) })));
  }

  #binary(left: Expression, right: Expression, relation: (a: Term, b: Term) => Formula): Truth {
    const rights = this.#cases(right);
    return weighed(
      this.#cases(left).flatMap((a) =>
        rights.map((b) => ({ when: and(a.when, b.when), holds: relation(a.term, b.term) })),
      ),
    );
  }

  #cases(expression: Expression): readonly Case[] {
    switch (expression.op) {
      case 'value':
        return [{ when: TRUE, term: { is: 'value', value: expression.value } }];
      case 'extension':
        return [{ when: TRUE, term: { is: 'value', value: numberOf(expression) } }];
      case 'get': {
        const { present, kind, attribute } = this.#resolve(expression.path);
        if (kind === 'record')
          throw new Unsupported(`\`${expression.path.join('.')}\` is compared as a whole`);
        return [{ when: present, term: { is: 'attribute', name: attribute, kind } }];
      }
      case 'if': {
        const { holds, fails } = this.truth(expression.test);
        return [
          ...this.#behind(expression.test)
            .#cases(expression.then)
            .map(({ when, term }) => ({ when: and(holds, when), term })),
          ...this.#cases(expression.otherwise).map(({ when, term }) => ({ when: and(fails, when), term })),
        ];
      }
      case 'set': {
        let lists: readonly { when: Formula; items: readonly Term[] }[] = [{ when: TRUE, items: [] }];
        for (const item of expression.items) {
          const cases = this.#cases(item);
          lists = lists.flatMap((list) =>
            cases.map((each) => ({ when: and(list.when, each.when), items: [...list.items, each.term] })),
          );
        }
        return lists.map(({ when, items }) => ({ when, term: { is: 'items', items } }));
      }
      default: {
        const { holds, fails } = this.truth(expression);
        return [
          { when: holds, term: { is: 'value', value: true } },
          { when: fails, term: { is: 'value', value: false } },
        ];
      }
    }
  }
}

/** Paths that are there wherever an expression holds, because it asks for them. */
function askedFor(expression: Expression): readonly string[] {
  if (expression.op === 'and') return [...askedFor(expression.left), ...askedFor(expression.right)];
  if (expression.op !== 'has') return [];
  const { path, names } = expression;
  return names.map((_, i) => [...path, ...names.slice(0, i + 1)].join('.'));
}

function constant(value: boolean): Truth {
  return value ? { holds: TRUE, fails: FALSE, total: true } : { holds: FALSE, fails: TRUE, total: true };
}

function decided(present: Formula, holds: Formula): Truth {
  return { holds: and(present, holds), fails: and(present, not(holds)), total: present.op === 'true' };
}

function weighed(cases: readonly { readonly when: Formula; readonly holds: Formula }[]): Truth {
  return {
    holds: or(...cases.map(({ when, holds }) => and(when, holds))),
    fails: or(...cases.map(({ when, holds }) => and(when, not(holds)))),
    total: cases.length === 1 && cases[0]?.when.op === 'true',
  };
}
