import { type AttributeType, type ClaimSchema, conforms, Datetime, Decimal, Duration } from '@writ/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isStrictObject, parseStrictJson, type StrictObject } from '../jws/strict-json.ts';
import { normaliseClaims } from './normalise-claims.ts';

function payloadOf(claims: object): StrictObject {
  const value = parseStrictJson(Buffer.from(JSON.stringify(claims)));
  if (!isStrictObject(value)) throw new Error('not an object');
  return value;
}

function normalise(value: unknown, type: AttributeType): unknown {
  const schema = { c: { type, required: true, identifies: false } };
  return normaliseClaims(payloadOf({ c: value, other: 1 }), schema)['c'];
}

const TYPES: readonly AttributeType[] = [
  { type: 'string' },
  { type: 'string', oneOf: ['a', 'b'] },
  { type: 'string', oneOf: [] },
  { type: 'long' },
  { type: 'bool' },
  { type: 'set' },
  { type: 'duration' },
  { type: 'datetime' },
  { type: 'decimal' },
  {
    type: 'record',
    members: { namespace: { type: 'string' }, pod: { type: 'record', members: { uid: { type: 'string' } } } },
  },
];

describe('normaliseClaims', () => {
  test.each([
    ['a', { type: 'string' }, 'a'],
    ['', { type: 'string' }, ''],
    ['a', { type: 'string', oneOf: ['a'] }, 'a'],
    [7, { type: 'long' }, 7],
    [-0, { type: 'long' }, 0],
    [false, { type: 'bool' }, false],
    [['b', 'a', 'b'], { type: 'set' }, ['a', 'b']],
    [[], { type: 'set' }, []],
    ['1h30m', { type: 'duration' }, new Duration(5_400_000)],
    [1_000, { type: 'datetime' }, new Datetime(1_000_000)],
    ['-1.5', { type: 'decimal' }, new Decimal(-15_000n)],
    ['0.0001', { type: 'decimal' }, new Decimal(1n)],
    [{ a: 'x', extra: 1 }, { type: 'record', members: { a: { type: 'string' } } }, { a: 'x' }],
  ] as const)('reads %j as %j', (given, type, value) => {
    expect(normalise(given, type)).toEqual(value);
  });

  test.each([
    ['true', { type: 'bool' }],
    [1, { type: 'bool' }],
    [true, { type: 'string' }],
    [1, { type: 'string' }],
    [null, { type: 'string' }],
    ['c', { type: 'string', oneOf: ['a'] }],
    ['a', { type: 'string', oneOf: [] }],
    ['1', { type: 'long' }],
    [1.5, { type: 'long' }],
    [2 ** 53, { type: 'long' }],
    [1e300, { type: 'long' }],
    ['a', { type: 'set' }],
    [['a', 1], { type: 'set' }],
    [[null], { type: 'set' }],
    [{}, { type: 'set' }],
    [60, { type: 'duration' }],
    ['1 hour', { type: 'duration' }],
    ['2026-01-01', { type: 'datetime' }],
    [1e15, { type: 'datetime' }],
    [1.5, { type: 'decimal' }],
    ['1', { type: 'decimal' }],
    ['1.23456', { type: 'decimal' }],
    ['01.5', { type: 'decimal' }],
    [{}, { type: 'record', members: { a: { type: 'string' } } }],
    [[], { type: 'record', members: {} }],
    [{ a: { toString: 1 } }, { type: 'record', members: { a: { type: 'string' } } }],
  ] as const)('G12 refuses %j as %j', (given, type) => {
    expect(() => normalise(given, type)).toThrow(expect.objectContaining({ code: 'claim', claim: 'c' }));
  });

  test('whatever is accepted conforms to its type', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(...TYPES), (given, type) => {
        const schema = { c: { type, required: false, identifies: false } };
        let claims: ReturnType<typeof normaliseClaims>;
        try {
          claims = normaliseClaims(payloadOf({ c: given }), schema);
        } catch {
          return;
        }
        expect(conforms(claims['c'], type)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('takes a claim under the name its anchor gives it, and names it in errors as the token does', () => {
    const schema: ClaimSchema = {
      subject: { type: { type: 'string' }, required: true, identifies: true, from: 'sub' },
    };
    expect({ ...normaliseClaims(payloadOf({ sub: 'a', subject: 'b' }), schema) }).toEqual({ subject: 'a' });
    for (const claims of [{ subject: 'b' }, { sub: 1, subject: 'b' }]) {
      expect(() => normaliseClaims(payloadOf(claims), schema)).toThrow(
        expect.objectContaining({ claim: 'sub' }),
      );
    }
  });

  test('T18 a claim that is absent is not found on a prototype', () => {
    const optional: ClaimSchema = Object.fromEntries([
      ['toString', { type: { type: 'string' }, required: false, identifies: false }],
    ]);
    const claims = normaliseClaims(payloadOf({}), optional);
    expect(claims['toString']).toBeUndefined();
    expect(claims['constructor']).toBeUndefined();
    const required: ClaimSchema = Object.fromEntries([
      ['valueOf', { type: { type: 'string' }, required: true, identifies: false }],
    ]);
    expect(() => normaliseClaims(payloadOf({}), required)).toThrow('`valueOf` is missing');
  });
});

test.each(['a\nb', '\u0000', 'a\u001b[31m', '\u007f', '\u0085'])('L6 %j is no text of a claim', (text) => {
  const claim = { type: { type: 'string' }, required: true, identifies: false } as const;
  expect(() => normaliseClaims({ sub: text }, { sub: claim })).toThrow(/not of the type/);
  const set = { type: { type: 'set' }, required: true, identifies: false } as const;
  expect(() => normaliseClaims({ groups: ['a', text] }, { groups: set })).toThrow(/not of the type/);
});
