import { Datetime, Decimal, Duration, isRecord, type Value, WritError } from '@writ/core';
import type { BinaryOperator, Expression } from './expression.ts';
import { parseExtension } from './extension.ts';

/** The facts a condition sees, under the roots. */
export type Environment = Readonly<Record<string, Value>>;

/** @throws AbsentFact where an attribute is read that is not there */
export type Test = (environment: Environment) => boolean;

/** A rule read a fact that is not there; whoever evaluates refuses. */
export class AbsentFact extends WritError {
  readonly path: string;

  constructor(path: string) {
    super('refused', `\`${path}\` is absent`);
    this.path = path;
  }
}

type Operand = Value | readonly Operand[];
type Evaluate = (environment: Environment) => Operand;

/** An expression as a closure. It reads no clock and allocates nothing that outlives the call. */
export function compile(expression: Expression): Test {
  const evaluate = build(expression);
  return (environment) => truth(evaluate(environment));
}

function build(expression: Expression): Evaluate {
  switch (expression.op) {
    case 'value': {
      const { value } = expression;
      return () => value;
    }
    case 'extension': {
      const value = parseExtension(expression.type, expression.text);
      if (value === null)
        throw new WritError('invalid', `\`${expression.text}\` is not a ${expression.type}`);
      return () => value;
    }
    case 'get':
      return getter(expression.path);
    case 'has':
      return presence(expression.path, expression.names);
    case 'not': {
      const arg = build(expression.arg);
      return (environment) => !truth(arg(environment));
    }
    case 'is-empty': {
      const arg = build(expression.arg);
      return (environment) => members(arg(environment)).length === 0;
    }
    case 'like': {
      const arg = build(expression.arg);
      const { pattern } = expression;
      return (environment) => likeMatches(textOf(arg(environment)), pattern);
    }
    case 'set': {
      const items = expression.items.map(build);
      return (environment) => items.map((item) => item(environment));
    }
    case 'if': {
      const [test, then, otherwise] = [
        build(expression.test),
        build(expression.then),
        build(expression.otherwise),
      ];
      return (environment) => (truth(test(environment)) ? then(environment) : otherwise(environment));
    }
    default:
      return binary(expression.op, build(expression.left), build(expression.right));
  }
}

function binary(operator: BinaryOperator, left: Evaluate, right: Evaluate): Evaluate {
  switch (operator) {
    case 'and':
      return (environment) => truth(left(environment)) && truth(right(environment));
    case 'or':
      return (environment) => truth(left(environment)) || truth(right(environment));
    case 'eq':
      return (environment) => same(left(environment), right(environment));
    case 'ne':
      return (environment) => !same(left(environment), right(environment));
    case 'lt':
      return (environment) => order(left(environment), right(environment)) < 0;
    case 'le':
      return (environment) => order(left(environment), right(environment)) <= 0;
    case 'gt':
      return (environment) => order(left(environment), right(environment)) > 0;
    case 'ge':
      return (environment) => order(left(environment), right(environment)) >= 0;
    case 'contains':
      return (environment) => includes(members(left(environment)), right(environment));
    case 'contains-all':
      return (environment) => {
        const set = members(left(environment));
        return members(right(environment)).every((member) => includes(set, member));
      };
    case 'contains-any':
      return (environment) => {
        const set = members(left(environment));
        return members(right(environment)).some((member) => includes(set, member));
      };
  }
}

function getter(path: readonly string[]): Evaluate {
  return (environment) => {
    const value = lookup(environment, path);
    if (value === undefined) throw new AbsentFact(path.join('.'));
    return value;
  };
}

/** The value at a path, or undefined where a step is missing. */
export function lookup(environment: Environment, path: readonly string[]): Value | undefined {
  let value: Value = environment;
  for (const name of path) {
    if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
    const next: Value | undefined = value[name];
    if (next === undefined) return undefined;
    value = next;
  }
  return value;
}

function presence(path: readonly string[], names: readonly string[]): Evaluate {
  const get = getter(path);
  return (environment) => {
    let value: Operand = path.length === 0 ? environment : get(environment);
    for (const name of names) {
      if (Array.isArray(value) || !isRecord(single(value)) || !Object.hasOwn(single(value), name))
        return false;
      const next: Value | undefined = Reflect.get(single(value), name);
      if (next === undefined) return false;
      value = next;
    }
    return true;
  };
}

function single(value: Operand): Extract<Value, object> & { readonly [name: string]: Value } {
  if (!isList(value) && isRecord(value)) return value;
  throw mistyped();
}

function isList(value: Operand): value is readonly Operand[] {
  return Array.isArray(value);
}

function truth(value: Operand): boolean {
  if (typeof value === 'boolean') return value;
  throw mistyped();
}

function textOf(value: Operand): string {
  if (typeof value === 'string') return value;
  throw mistyped();
}

function members(value: Operand): readonly Operand[] {
  if (isList(value)) return value;
  throw mistyped();
}

// Facts are checked against their declared types before they get here, so this means a hole in that check: refuse.
function mistyped(): WritError {
  return new WritError('refused', 'a fact is not of the type the condition was validated with');
}

function includes(set: readonly Operand[], wanted: Operand): boolean {
  return set.some((member) => same(member, wanted));
}

function same(a: Operand, b: Operand): boolean {
  if (isList(a) && isList(b))
    return a.every((member) => includes(b, member)) && b.every((member) => includes(a, member));
  if (a instanceof Duration || a instanceof Datetime)
    return a.constructor === b.constructor && order(a, b) === 0;
  if (a instanceof Decimal) return b instanceof Decimal && a.tenThousandths === b.tenThousandths;
  if (!isList(a) && !isList(b) && isRecord(a) && isRecord(b)) {
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every((name) => sameMember(a[name], b[name]));
  }
  return a === b;
}

function sameMember(a: Value | undefined, b: Value | undefined): boolean {
  return a !== undefined && b !== undefined && same(a, b);
}

function order(a: Operand, b: Operand): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a instanceof Duration && b instanceof Duration) return a.ms - b.ms;
  if (a instanceof Datetime && b instanceof Datetime) return a.ms - b.ms;
  throw mistyped();
}

/** Cedar's `like`: pieces in order, the first at the start, the last at the end; greedy search is exact for one kind of wildcard. */
export function likeMatches(text: string, pattern: readonly (string | null)[]): boolean {
  const pieces = joined(pattern);
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return text === first;
  const last = rest.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let from = first.length;
  const end = text.length - last.length;
  for (const piece of rest.slice(0, -1)) {
    const at = text.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}

/** Literal runs between wildcards: `['a', 'b', null, 'c']` is `['ab', 'c']`. */
function joined(pattern: readonly (string | null)[]): readonly string[] {
  const pieces = [''];
  for (const part of pattern) {
    if (part === null) pieces.push('');
    else pieces[pieces.length - 1] += part;
  }
  return pieces;
}
