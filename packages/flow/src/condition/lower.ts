import { WritError } from '@writ/core';
import type { BinaryOperator, Expression } from './expression.ts';
import { parseExtension } from './extension.ts';

const BINARY: Readonly<Record<string, BinaryOperator>> = {
  '&&': 'and',
  '||': 'or',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  contains: 'contains',
  containsAll: 'contains-all',
  containsAny: 'contains-any',
};

/**
 * Cedar's own JSON of an expression (`policyToJson`) → ours. What is outside the subset is refused by name.
 * @throws WritError `unsupported`
 */
export function lower(json: unknown): Expression {
  const [operator, body] = single(json);
  const binary = Object.hasOwn(BINARY, operator) ? BINARY[operator] : undefined;
  if (binary !== undefined)
    return { op: binary, left: lower(part(body, 'left')), right: lower(part(body, 'right')) };
  switch (operator) {
    case 'Value':
      return literal(body);
    case 'Set':
      return { op: 'set', items: listOf(body).map(lower) };
    case '!':
      return { op: 'not', arg: lower(part(body, 'arg')) };
    case 'isEmpty':
      return { op: 'is-empty', arg: lower(part(body, 'arg')) };
    case 'neg':
      return negative(lower(part(body, 'arg')));
    case '.':
      return { op: 'get', path: pathOf(json) };
    case 'has':
      return { op: 'has', path: pathOf(part(body, 'left')), names: names(part(body, 'attr')) };
    case 'like':
      return {
        op: 'like',
        arg: lower(part(body, 'left')),
        pattern: listOf(part(body, 'pattern')).map(piece),
      };
    case 'if-then-else':
      return {
        op: 'if',
        test: lower(part(body, 'if')),
        // oxlint-disable-next-line unicorn/no-thenable -- a branch of `if`, and never awaited
        then: lower(part(body, 'then')),
        otherwise: lower(part(body, 'else')),
      };
    case 'duration':
    case 'datetime':
    case 'decimal':
      return extension(operator, body);
    default:
      throw new WritError('unsupported', `\`${operator}\` is outside the condition language`);
  }
}

function extension(type: 'duration' | 'datetime' | 'decimal', body: unknown): Expression {
  const [argument] = listOf(body);
  const value = argument === undefined ? null : lower(argument);
  if (value?.op !== 'value' || typeof value.value !== 'string') {
    throw new WritError('unsupported', `\`${type}\` takes one text, as in ${type}("…")`);
  }
  if (parseExtension(type, value.value) === null)
    throw new WritError('invalid', `\`${value.value}\` is not a ${type}`);
  return { op: 'extension', type, text: value.value };
}

function literal(value: unknown): Expression {
  if (typeof value === 'string' || typeof value === 'boolean') return { op: 'value', value };
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { op: 'value', value };
  throw new WritError('unsupported', 'whole numbers must be within ±(2^53−1)');
}

function negative(arg: Expression): Expression {
  if (arg.op === 'value' && typeof arg.value === 'number') return { op: 'value', value: -arg.value };
  throw new WritError('unsupported', '`-` is outside the condition language');
}

/** Attribute chains start at Cedar's `context`; anything else is no path of ours. */
function pathOf(json: unknown): readonly string[] {
  const [operator, body] = single(json);
  if (operator === 'Var' && body === 'context') return [];
  const attribute = operator === '.' ? part(body, 'attr') : null;
  if (typeof attribute !== 'string')
    throw new WritError('unsupported', 'only attributes of facts can be read');
  return [...pathOf(part(body, 'left')), attribute];
}

function names(attribute: unknown): readonly string[] {
  const list = typeof attribute === 'string' ? [attribute] : listOf(attribute);
  return list.map((name) => {
    if (typeof name === 'string') return name;
    throw new WritError('unsupported', '`has` asks for names');
  });
}

function piece(json: unknown): string | null {
  if (json === 'Wildcard') return null;
  const text = part(json, 'Literal');
  if (typeof text === 'string') return text;
  throw new WritError('unsupported', 'this pattern cannot be read');
}

function single(json: unknown): readonly [string, unknown] {
  const entries = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    throw new WritError('unsupported', 'this expression cannot be read');
  return entry;
}

function part(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, name)
    ? Reflect.get(json, name)
    : null;
}

function listOf(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw new WritError('unsupported', 'this expression cannot be read');
}
