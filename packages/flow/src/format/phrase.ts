import type { BinaryOperator, Expression } from '../condition/expression.ts';

const WORDS: Readonly<Record<Exclude<BinaryOperator, 'and' | 'or' | 'contains-all'>, string>> = {
  eq: 'is',
  ne: 'is not',
  lt: 'is below',
  le: 'is at most',
  gt: 'is above',
  ge: 'is at least',
  contains: 'includes',
  'contains-any': 'includes any of',
};

/** A condition in words: for reading, never for deciding. */
export function phrase(expression: Expression): string {
  switch (expression.op) {
    case 'value':
      return expression.value === true ? 'always' : 'never';
    case 'get':
      return `${term(expression)} is true`;
    case 'not':
      return negated(expression.arg);
    case 'has':
      return `${pathOf(expression)} is known`;
    case 'is-empty':
      return `${term(expression.arg)} is empty`;
    case 'like':
      return `${term(expression.arg)} looks like ${patternOf(expression.pattern)}`;
    case 'and':
    case 'or':
      return [expression.left, expression.right]
        .map((side) => (side.op === expression.op ? phrase(side) : clause(side)))
        .join(` ${expression.op} `);
    case 'if':
      return `if ${clause(expression.test)} then ${clause(expression.then)}, else ${clause(expression.otherwise)}`;
    case 'contains-all':
      return expression.left.op === 'set'
        ? `${term(expression.right)} stays within ${term(expression.left)}`
        : `${term(expression.left)} includes all of ${term(expression.right)}`;
    case 'set':
    case 'extension':
      return term(expression);
    default:
      return `${term(expression.left)} ${WORDS[expression.op]} ${term(expression.right)}`;
  }
}

/** A statement inside another; in brackets where the words could be joined otherwise. */
function clause(expression: Expression): string {
  return ['and', 'or', 'if'].includes(expression.op) ? `(${phrase(expression)})` : phrase(expression);
}

/** What is compared: a name or a value; anything longer in brackets. */
function term(expression: Expression): string {
  switch (expression.op) {
    case 'value':
      return JSON.stringify(expression.value);
    case 'extension':
      return expression.text;
    case 'get':
      return expression.path.join('.');
    case 'set':
      return `[${expression.items.map(term).join(', ')}]`;
    case 'if':
      return `(if ${clause(expression.test)} then ${term(expression.then)}, else ${term(expression.otherwise)})`;
    default:
      return `(${phrase(expression)})`;
  }
}

function negated(expression: Expression): string {
  switch (expression.op) {
    case 'has':
      return `${pathOf(expression)} is not known`;
    case 'get':
      return `${term(expression)} is false`;
    case 'is-empty':
      return `${term(expression.arg)} is not empty`;
    default:
      return `not (${phrase(expression)})`;
  }
}

function pathOf({ path, names }: Extract<Expression, { op: 'has' }>): string {
  return [...path, ...names].join('.');
}

/** As Cedar writes it: a star that is meant has a backslash. */
function patternOf(pattern: readonly (string | null)[]): string {
  return `"${pattern.map(piece).join('')}"`;
}

function piece(part: string | null): string {
  return part === null ? '*' : JSON.stringify(part).slice(1, -1).replaceAll('*', '\\*');
}
