import { type AttributeType, conforms, Datetime, Decimal, Duration } from '@writ/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStrictJson } from '../jws/strict-json.ts';
import { factValue } from './fact-value.ts';

const read = (json: string, type: AttributeType) => factValue(parseStrictJson(Buffer.from(json)), type);
const SCALARS = ['string', 'long', 'bool', 'set', 'duration', 'datetime', 'decimal'] as const;
const SCORE: AttributeType = { type: 'record', members: { score: { type: 'long' } } };

describe('factValue', () => {
  test.each([
    ['string', '"open"', 'open'],
    ['string', '""', ''],
    ['long', '-9007199254740991', -9_007_199_254_740_991],
    ['long', '-0', 0],
    ['bool', 'false', false],
    ['set', '["b","a","b"]', ['a', 'b']],
    ['set', '[]', []],
    ['duration', '"1h30m"', new Duration(5_400_000)],
    ['datetime', '"1970-01-01T00:00:01Z"', new Datetime(1000)],
    ['decimal', '"-1.5"', new Decimal(-15_000n)],
  ] as const)('reads a %s as files write it: %s', (type, json, value) => {
    expect(read(json, { type })).toEqual(value);
  });

  test.each([
    ['string', '5'],
    ['string', '"a\\u0000"'],
    ['string', '"a\\n"'],
    ['long', '"5"'],
    ['long', '5.5'],
    ['long', '9007199254740992'],
    ['bool', '"true"'],
    ['bool', '1'],
    ['set', '"a"'],
    ['set', '[1]'],
    ['set', '["a\\u0007"]'],
    ['duration', '60'],
    ['duration', '"1 hour"'],
    ['duration', '"-1h"'],
    ['datetime', '1'],
    ['datetime', '"2027-02-29T00:00:00Z"'],
    ['datetime', '"2027-06-30T00:00:00+01:00"'],
    ['decimal', '1.5'],
    ['decimal', '"1"'],
    ['decimal', '"1.55555"'],
  ] as const)('S3.14 takes nothing else for a %s: %s', (type, json) => {
    expect(read(json, { type })).toBeUndefined();
  });

  test('S3.14 null is of no type', () => {
    for (const type of SCALARS) expect(read('null', { type })).toBeUndefined();
    expect(read('null', SCORE)).toBeUndefined();
    expect(read('{"score":null}', SCORE)).toBeUndefined();
  });

  test('S3.14 a closed text is one of its list', () => {
    const window: AttributeType = { type: 'string', oneOf: ['open', 'closed'] };
    expect(read('"open"', window)).toBe('open');
    expect(read('"ajar"', window)).toBeUndefined();
    expect(read('"Open"', window)).toBeUndefined();
  });

  test('S3.14 a record has its members and no others', () => {
    expect(read('{"score":1}', SCORE)).toEqual({ score: 1 });
    for (const json of ['{}', '{"score":1,"more":1}', '{"toString":1}', '[1]', '1', '{"score":"1"}']) {
      expect(read(json, SCORE)).toBeUndefined();
    }
  });

  test('whatever is read conforms', () => {
    const types: fc.Arbitrary<AttributeType> = fc.constantFrom(...SCALARS.map((type) => ({ type })), SCORE);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), types, (given, type) => {
        fc.pre(!/__proto__|constructor|prototype|\\ud/.test(JSON.stringify(given)));
        const value = factValue(parseStrictJson(Buffer.from(JSON.stringify(given))), type);
        expect(value === undefined || conforms(value, type)).toBe(true);
      }),
    );
  });
});
