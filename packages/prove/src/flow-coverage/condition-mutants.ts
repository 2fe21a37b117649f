import { Duration } from '@writ/core';
import { type Condition, type Expression, parseExtension } from '@writ/flow';

/** A condition with one small thing changed. */
export interface ChangedCondition {
  readonly did: string;
  readonly when: Condition;
}

/** A condition negated, with each conjunct dropped, each comparison moved by one unit. */
export function changedConditions({ text, expression }: Condition): readonly ChangedCondition[] {
  const as = (did: string, changed: Expression): ChangedCondition => ({
    did,
    when: { text: `${did}: ${text}`, expression: changed },
  });
  return [
    as('negate', { op: 'not', arg: expression }),
    ...rewritten(expression, dropped).map((each) => as('drop a conjunct of', each)),
    ...rewritten(expression, orDropped).map((each) => as('drop an alternative of', each)),
    ...rewritten(expression, shifted).map((each) => as('shift a bound of', each)),
  ];
}

/** Each way in which one part of an expression can be put otherwise by `change`. */
export function rewritten(
  expression: Expression,
  change: (part: Expression) => readonly Expression[],
): readonly Expression[] {
  return [...change(expression), ...insides(expression, change)];
}

function insides(
  expression: Expression,
  change: (part: Expression) => readonly Expression[],
): readonly Expression[] {
  switch (expression.op) {
    case 'value':
    case 'extension':
    case 'get':
    case 'has':
      return [];
    case 'not':
    case 'is-empty':
    case 'like':
      return rewritten(expression.arg, change).map((arg) => ({ ...expression, arg }));
    case 'set':
      return [];
    case 'if':
      return [
        ...rewritten(expression.test, change).map((part) => ({ ...expression, test: part })),
        // oxlint-disable-next-line unicorn/no-thenable -- the branch of an expression, which is never awaited
        ...rewritten(expression.then, change).map((part) => ({ ...expression, then: part })),
        ...rewritten(expression.otherwise, change).map((part) => ({ ...expression, otherwise: part })),
      ];
    default:
      return [
        ...rewritten(expression.left, change).map((left) => ({ ...expression, left })),
        ...rewritten(expression.right, change).map((right) => ({ ...expression, right })),
      ];
  }
}

/** What is asked after `has` is never asked without it: an absent fact would refuse for another reason. */
function dropped(part: Expression): readonly Expression[] {
  if (part.op !== 'and') return [];
  return part.left.op === 'has' ? [part.left] : [part.right, part.left];
}

function orDropped(part: Expression): readonly Expression[] {
  if (part.op !== 'or') return [];
  const guarded = part.left.op === 'not' && part.left.arg.op === 'has';
  return guarded ? [part.left] : [part.right, part.left];
}

const EDGE = { lt: 'le', le: 'lt', gt: 'ge', ge: 'gt' } as const;

function shifted(part: Expression): readonly Expression[] {
  if (part.op !== 'lt' && part.op !== 'le' && part.op !== 'gt' && part.op !== 'ge') return [];
  const { left, right } = part;
  const moved = [1, -1].flatMap((by): readonly Expression[] => [
    ...by1(right, by).map((each) => ({ ...part, right: each })),
    ...by1(left, by).map((each) => ({ ...part, left: each })),
  ]);
  return [{ ...part, op: EDGE[part.op] }, ...moved];
}

/** A number one more or less, or a duration one second. */
function by1(literal: Expression, by: number): readonly Expression[] {
  if (literal.op === 'value' && typeof literal.value === 'number')
    return [{ ...literal, value: literal.value + by }];
  const length = literal.op === 'extension' ? parseExtension(literal.type, literal.text) : null;
  if (literal.op !== 'extension' || !(length instanceof Duration)) return [];
  return [{ ...literal, text: `${length.ms + by * 1000}ms` }];
}

/** The parts of a condition that are true or false by themselves. */
export function atomsOf(expression: Expression): readonly Expression[] {
  switch (expression.op) {
    case 'and':
    case 'or':
      return [...atomsOf(expression.left), ...atomsOf(expression.right)];
    case 'not':
      return atomsOf(expression.arg);
    case 'if':
      return [...atomsOf(expression.test), ...atomsOf(expression.then), ...atomsOf(expression.otherwise)];
    case 'value':
      return [];
    default:
      return [expression];
  }
}

/** The condition in which one of its atoms is always this. */
export function settled(expression: Expression, part: Expression, value: boolean): Expression {
  const [found] = rewritten(expression, (each) => (each === part ? [{ op: 'value', value }] : []));
  return found ?? expression;
}
