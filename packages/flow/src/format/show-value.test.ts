import { Datetime, Decimal, Duration, type Value } from '@writ/core';
import { describe, expect, test } from 'vitest';
import { showValue } from './show-value.ts';

describe('showValue', () => {
  test.each<[string, Value]>([
    ['"a \\"b\\"\\n"', 'a "b"\n'],
    ['7', 7],
    ['true', true],
    ['["a", "b"]', ['a', 'b']],
    ['[]', []],
    ['10m', new Duration(600_000)],
    ['1500 ms', new Duration(1_500)],
    ['-1000 ms', new Duration(-1_000)],
    ['NaN ms', new Duration(Number.NaN)],
    ['2030-01-01T00:00:00Z', new Datetime(Date.UTC(2030, 0, 1))],
    ['NaN ms after 1970', new Datetime(Number.NaN)],
    ['-1 ms after 1970', new Datetime(-1)],
    ['9007199254740991 ms after 1970', new Datetime(Number.MAX_SAFE_INTEGER)],
    ['1.2345', new Decimal(12_345n)],
    ['-0.0050', new Decimal(-50n)],
    ['{ kind: "managed", score: 3 }', { kind: 'managed', score: 3 }],
  ])('as %s', (text, value) => {
    expect(showValue(value)).toBe(text);
  });

  test('what is long is cut, and says so', () => {
    const text = showValue('x'.repeat(10_000));
    expect(text.length).toBe(201);
    expect(text.endsWith('x…')).toBe(true);
  });
});
