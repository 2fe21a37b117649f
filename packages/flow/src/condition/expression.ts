/**
 * Conditions after lowering: the subset of Cedar that Writ evaluates, as JSON, so that a flow's content hash covers
 * meaning and not spelling. No arithmetic, no entities, no templates: a validated condition cannot fail except on an
 * absent fact, and that refuses.
 */
export type Expression =
  | { readonly op: 'value'; readonly value: string | number | boolean }
  | { readonly op: 'extension'; readonly type: ExtensionType; readonly text: string }
  /** attributes from the root, `request.scopes` being `['request', 'scopes']` */
  | { readonly op: 'get'; readonly path: readonly string[] }
  | { readonly op: 'has'; readonly path: readonly string[]; readonly names: readonly string[] }
  | { readonly op: 'not'; readonly arg: Expression }
  | { readonly op: 'is-empty'; readonly arg: Expression }
  | { readonly op: BinaryOperator; readonly left: Expression; readonly right: Expression }
  /** literal pieces; null stands for any sequence of characters, `/` among them */
  | { readonly op: 'like'; readonly arg: Expression; readonly pattern: readonly (string | null)[] }
  | { readonly op: 'set'; readonly items: readonly Expression[] }
  | {
      readonly op: 'if';
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    };

export type ExtensionType = 'duration' | 'datetime' | 'decimal';

export const BINARY_OPERATORS = [
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
] as const;
export type BinaryOperator = (typeof BINARY_OPERATORS)[number];

/** The parts of an expression. */
export function operands(expression: Expression): readonly Expression[] {
  switch (expression.op) {
    case 'value':
    case 'extension':
    case 'get':
    case 'has':
      return [];
    case 'not':
    case 'is-empty':
    case 'like':
      return [expression.arg];
    case 'set':
      return expression.items;
    case 'if':
      return [expression.test, expression.then, expression.otherwise];
    default:
      return [expression.left, expression.right];
  }
}

/** The statements that must all hold where `expression` does: `!(a || b)` is two. */
export function conjunctsOf(expression: Expression): readonly Expression[] {
  if (expression.op === 'and') return [...conjunctsOf(expression.left), ...conjunctsOf(expression.right)];
  if (expression.op !== 'not') return [expression];
  const { arg } = expression;
  if (arg.op === 'not') return conjunctsOf(arg.arg);
  if (arg.op !== 'or') return [expression];
  return [arg.left, arg.right].flatMap((side) => conjunctsOf({ op: 'not', arg: side }));
}

/** Every attribute path an expression reads or asks for, dotted, each once and sorted. */
export function readsOf(expression: Expression): readonly string[] {
  const paths = new Set<string>();
  const walk = (part: Expression): void => {
    if (part.op === 'get') paths.add(part.path.join('.'));
    if (part.op === 'has') paths.add([...part.path, ...part.names].join('.'));
    operands(part).forEach(walk);
  };
  walk(expression);
  return [...paths].sort();
}
