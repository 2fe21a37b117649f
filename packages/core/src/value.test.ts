import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AttributeType,
  conforms,
  Datetime,
  Decimal,
  Duration,
  isRecord,
  isSet,
  toSet,
  type Value,
} from './value.ts';

const SCALARS = ['string', 'long', 'bool', 'set', 'duration', 'datetime', 'decimal'] as const;
const OF: Readonly<Record<(typeof SCALARS)[number], Value>> = {
  string: 'a',
  long: 1,
  bool: false,
  set: ['a'],
  duration: new Duration(1),
  datetime: new Datetime(1),
  decimal: new Decimal(1n),
};
const record = (members: Record<string, AttributeType>): AttributeType => ({ type: 'record', members });
/** What JSON may hold that no declared type is. */
const foreign = (value: unknown): Value => value as Value;

describe('conforms', () => {
  test('a value is of its own type and of no other', () => {
    for (const type of SCALARS) {
      for (const [name, value] of Object.entries(OF))
        expect([type, name, conforms(value, { type })]).toEqual([type, name, type === name]);
    }
  });

  test.each([
    ...SCALARS.map((type): AttributeType => ({ type })),
    record({}),
    record({ a: { type: 'long' } }),
  ])('S1.2 absence is of no type, and neither is null: %o', (type) => {
    expect(conforms(undefined, type)).toBe(false);
    expect(conforms(foreign(null), type)).toBe(false);
  });

  test.each([1.5, 2 ** 53, -(2 ** 53), Number.NaN, Infinity, '1', true])('no long: %s', (value) => {
    expect(conforms(value, { type: 'long' })).toBe(false);
  });

  test.each(['true', 'false', 1, 0, ''])('G12 no bool: %s', (value) => {
    expect(conforms(value, { type: 'bool' })).toBe(false);
  });

  test('a string outside its list is not of the type, an empty list has none', () => {
    const type: AttributeType = { type: 'string', oneOf: ['open', 'closed'] };
    expect(['open', 'closed', 'Open', 'open ', '', 'half'].map((value) => conforms(value, type))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(conforms('open', { type: 'string', oneOf: [] })).toBe(false);
  });

  test('half a surrogate pair is no text, alone, in a set or in a record', () => {
    expect(conforms('\ud800', { type: 'string' })).toBe(false);
    expect(conforms(['a', '\udc00'], { type: 'set' })).toBe(false);
    expect(conforms({ a: '\ud800' }, record({ a: { type: 'string' } }))).toBe(false);
    expect(conforms('\u{1F600}', { type: 'string' })).toBe(true);
  });

  test.each([[[1]], [['a', null]], [[['a']]], [[{}]]])('a set has texts only: %j', (members) => {
    expect(conforms(foreign(members), { type: 'set' })).toBe(false);
  });

  test('a record has its members, each of its type, and no other', () => {
    const type = record({
      score: { type: 'long' },
      inner: record({ kind: { type: 'string', oneOf: ['a'] } }),
    });
    const good = { score: 1, inner: { kind: 'a' } };
    expect(conforms(good, type)).toBe(true);
    for (const bad of [
      {},
      { score: 1 },
      { ...good, extra: 1 },
      { ...good, score: '1' },
      { ...good, inner: {} },
      { ...good, inner: { kind: 'b' } },
      { ...good, inner: ['a'] },
      [],
      'x',
      1,
      { ...good, score: undefined },
    ])
      expect([bad, conforms(foreign(bad), type)]).toEqual([bad, false]);
  });

  test('a member is its own, not one of the prototype', () => {
    const inherited = Object.fromEntries([['toString', { type: 'string' } as const]]);
    expect(conforms({}, record(inherited))).toBe(false);
    expect(conforms(foreign(Object.create({ a: 1 })), record({ a: { type: 'long' } }))).toBe(false);
    expect(conforms(foreign(JSON.parse('{"__proto__": 1}')), record({}))).toBe(false);
  });

  test('whatever it is given, it answers', () => {
    const types = fc.constantFrom<AttributeType>(
      ...SCALARS.map((type): AttributeType => ({ type })),
      record({ a: { type: 'set' } }),
    );
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), types, (value, type) => {
        expect(typeof conforms(foreign(value), type)).toBe('boolean');
      }),
    );
  });
});

describe('toSet, isSet, isRecord', () => {
  test('a set is sorted by code units, each member once', () => {
    expect(toSet(['b', 'a', 'b', '\u{1F600}', '\uFB33', 'B'])).toEqual([
      'B',
      'a',
      'b',
      '\u{1F600}',
      '\uFB33',
    ]);
    expect(toSet([])).toEqual([]);
  });

  test('sets do not depend on order or repeats', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (members) => {
        expect(toSet([...members, ...members].reverse())).toEqual(toSet(members));
      }),
    );
  });

  test('only a list is a set, and only a plain object a record', () => {
    expect(Object.values(OF).map(isSet)).toEqual([false, false, false, true, false, false, false]);
    expect(Object.values(OF).map(isRecord)).toEqual([false, false, false, false, false, false, false]);
    expect([isRecord({}), isRecord(undefined), isRecord(foreign(null))]).toEqual([true, false, false]);
  });
});
