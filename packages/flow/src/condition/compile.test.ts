/* oxlint-disable unicorn/no-thenable -- branches of `if`, and never awaited */
import { Duration, type Value, WritError } from '@writ/core';
import { describe, expect, test } from 'vitest';
import { AbsentFact, compile, type Environment, lookup } from './compile.ts';
import { type Expression, operands, readsOf } from './expression.ts';
import { lower } from './lower.ts';

const value = (of: string | number | boolean): Expression => ({ op: 'value', value: of });
const get = (path: string): Expression => ({ op: 'get', path: path.split('.') });
const both = (
  op: 'and' | 'or' | 'eq' | 'lt' | 'contains',
  left: Expression,
  right: Expression,
): Expression => ({ op, left, right });
const world: Environment = {
  request: { a: 'x', n: 1, b: true, set: ['a', 'b'], d: new Duration(5), inner: { c: 'y' } },
  facts: {},
};
const holds = (expression: Expression, environment: Environment = world): boolean =>
  compile(expression)(environment);
const like = (text: string, ...pattern: (string | null)[]): boolean =>
  holds({ op: 'like', arg: value(text), pattern });

describe('compile', () => {
  test('S3.14 an absent fact is an error that names its path, never false', () => {
    for (const path of [
      'facts.risk',
      'request.inner.d',
      'evidence.github.ref',
      'request.a.b',
      'request.toString',
      'constructor',
    ])
      expect(() => holds(both('eq', get(path), value('x')))).toThrow(
        expect.objectContaining({ path, code: 'refused' }),
      );
    expect(() => holds({ op: 'not', arg: get('facts.risk') })).toThrow(AbsentFact);
    expect(() => holds(get('request.b'), { request: { b: undefined as unknown as Value } })).toThrow(
      AbsentFact,
    );
  });

  test('what is not reached is not read', () => {
    const absent = get('facts.risk');
    expect(holds(both('and', value(false), absent))).toBe(false);
    expect(holds(both('or', value(true), absent))).toBe(true);
    expect(holds({ op: 'if', test: value(true), then: value(true), otherwise: absent })).toBe(true);
    expect(holds({ op: 'if', test: value(false), then: absent, otherwise: value(false) })).toBe(false);
  });

  test('every member of a list is read, needed or not, as in Cedar', () => {
    const set: Expression = { op: 'set', items: [value('x'), get('facts.risk')] };
    expect(() => holds(both('contains', set, value('x')))).toThrow(AbsentFact);
  });

  test.each<readonly [string, Expression]>([
    ['a text for a truth', get('request.a')],
    ['a number for a truth', { op: 'not', arg: get('request.n') }],
    ['a text for a set', both('contains', get('request.a'), value('x'))],
    ['a set for a text', { op: 'like', arg: get('request.set'), pattern: [null] }],
    ['texts in order', both('lt', get('request.a'), value('y'))],
    ['a duration below a number', both('lt', get('request.d'), value(9))],
    ['a record that is empty', { op: 'is-empty', arg: get('request.inner') }],
  ])('law 1: a fact of another type than was validated refuses: %s', (_, expression) => {
    expect(() => holds(expression)).toThrow(WritError);
    expect(() => holds(expression)).toThrow(expect.objectContaining({ code: 'refused' }));
  });

  test.each<readonly [boolean, string, (string | null)[]]>([
    [true, '', []],
    [false, 'a', []],
    [true, '', [null]],
    [true, 'abc', [null]],
    [true, 'abc', ['a', null]],
    [true, 'abc', [null, 'c']],
    [true, 'abc', ['a', null, 'c']],
    [false, 'ac', ['a', null, 'a', null, 'c']],
    [true, 'aXbXc', ['a', null, 'b', null, 'c']],
    [false, 'aba', ['ab', null, 'ba']],
    [true, 'abba', ['ab', null, 'ba']],
    [true, 'a/b', ['a', null]],
    [true, 'a*b', ['a', '*', 'b']],
    [false, 'axb', ['a', '*', 'b']],
    [true, 'aab', [null, 'ab']],
    [true, 'abab', [null, 'ab']],
    [true, 'xaaby', [null, 'ab', null]],
    [false, 'ab', [null, 'ab', null, 'b']],
    [true, '\u{1F600}', [null, '\u{1F600}']],
    [true, 'a', [null, null, 'a', null, null]],
    [false, 'A', ['a']],
  ])('like is %s: %j, %j', (expected, text, pattern) => expect(like(text, ...pattern)).toBe(expected));

  test('F14 like takes no time that grows with its stars', () => {
    expect(like('a'.repeat(5_000), ...Array.from({ length: 50 }, () => ['a', null]).flat(), 'b')).toBe(false);
  });

  test('sets are equal whatever their order and repeats, also sets of times', () => {
    const set = (...items: Expression[]): Expression => ({ op: 'set', items });
    const hour: Expression = { op: 'extension', type: 'duration', text: '1h' };
    const minutes: Expression = { op: 'extension', type: 'duration', text: '60m' };
    expect(holds(both('eq', get('request.set'), set(value('b'), value('a'), value('b'))))).toBe(true);
    expect(holds(both('eq', get('request.set'), set(value('b'))))).toBe(false);
    expect(holds(both('eq', set(hour), set(minutes)))).toBe(true);
    expect(holds(both('contains', set(hour), minutes))).toBe(true);
    expect(holds(both('eq', set(), set()))).toBe(true);
  });

  test('a literal that is none is refused when compiled, not when asked', () => {
    expect(() => compile({ op: 'extension', type: 'duration', text: '1 hour' })).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    );
  });
});

describe('lookup', () => {
  test('a step that is missing gives nothing, whatever stands before it', () => {
    expect(lookup(world, ['request', 'inner', 'c'])).toBe('y');
    for (const path of [
      'request.inner.d',
      'request.a.length',
      'request.set.length',
      'request.d.ms',
      'nothing.at.all',
      'request.__proto__',
    ])
      expect(lookup(world, path.split('.'))).toBeUndefined();
    expect(lookup(world, [])).toBe(world);
  });
});

describe('readsOf', () => {
  test('every path that is read or asked for, each once, sorted', () => {
    const expression: Expression = {
      op: 'if',
      test: { op: 'has', path: ['evidence'], names: ['github', 'ref'] },
      then: both('eq', get('request.b'), { op: 'set', items: [get('request.a'), get('request.b')] }),
      otherwise: { op: 'not', arg: { op: 'like', arg: { op: 'get', path: ['facts', 'x'] }, pattern: [] } },
    };
    expect(readsOf(expression)).toEqual(['evidence.github.ref', 'facts.x', 'request.a', 'request.b']);
    expect(operands(expression)).toHaveLength(3);
    expect(operands({ op: 'is-empty', arg: value(1) })).toEqual([value(1)]);
    expect(operands(value(1))).toEqual([]);
  });
});

describe('lower', () => {
  const attribute = { '.': { left: { Var: 'context' }, attr: 'request' } };
  test.each<readonly [string, unknown]>([
    ['nothing', {}],
    ['null', null],
    ['two operators', { '!': {}, '&&': {} }],
    ['a list', []],
    ['the principal', { Var: 'principal' }],
    ['a slot', { Slot: '?principal' }],
    ['an entity', { Value: { __entity: { type: 'A', id: 'b' } } }],
    ['arithmetic', { '+': { left: attribute, right: attribute } }],
    ['membership', { in: { left: attribute, right: attribute } }],
    ['a type test', { is: { left: attribute, entity_type: 'A' } }],
    ['a record', { Record: {} }],
    ['an attribute of an entity', { '.': { left: { Var: 'principal' }, attr: 'a' } }],
    ['a tag', { getTag: { left: attribute, right: { Value: 'a' } } }],
    ['a time that is read', { datetime: [attribute] }],
    ['a time without a text', { datetime: [] }],
    ['a number too large', { Value: 2 ** 53 }],
    ['a fraction', { Value: 0.5 }],
    ['a negated fact', { neg: { arg: attribute } }],
    ['an unknown operator', { constructor: { left: attribute, right: attribute } }],
    ['a pattern of something else', { like: { left: attribute, pattern: [1] } }],
    ['an error of Cedar', { error: [] }],
    ['ip', { ip: [{ Value: '192.0.2.1' }] }],
  ])('what is outside the subset is refused: %s', (_, json) => {
    expect(() => lower(json)).toThrow(WritError);
  });

  test('a chain of attributes is a path', () => {
    expect(lower({ '.': { left: attribute, attr: 'a' } })).toEqual({ op: 'get', path: ['request', 'a'] });
    expect(lower({ neg: { arg: { Value: 3 } } })).toEqual({ op: 'value', value: -3 });
  });
});
