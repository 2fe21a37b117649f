import { Datetime, Decimal, Duration } from '@writ/core';
import { describe, expect, test } from 'vitest';
import { acmeWith, saidAfter, sha256 } from './acme.test.ts';
import { loadSet } from './load-set.ts';

describe('sources', () => {
  const value = (type: string, of: string): readonly string[] =>
    saidAfter('sources.yaml', 'type: { one-of: [open, closed] }, value: open', `type: ${type}, value: ${of}`);
  test.each([
    ['string', 'x'],
    ['long', '5'],
    ['bool', 'true'],
    ['set', '[b, a]'],
    ['duration', '1h'],
    ['datetime', '2027-06-30T00:00:00Z'],
    ['decimal', '"1.5"'],
    ['{ a: long, b: { c: string } }', '{ a: 1, b: { c: x } }'],
  ])('a value of its type is one: %s', (type, of) => expect(value(type, of)).toEqual([]));

  test.each([
    ['string', '5'],
    ['long', '"5"'],
    ['bool', '"true"'],
    ['set', 'a'],
    ['set', '[1]'],
    ['duration', '1 hour'],
    ['duration', '60'],
    ['datetime', '2027-06-30'],
    ['decimal', '"1"'],
    ['{ one-of: [open, closed] }', 'ajar'],
    ['{ a: long }', '{ a: 1, b: 2 }'],
    ['{ a: long, b: long }', '{ a: 1 }'],
    ['{ a: long }', '[a]'],
    ['string', 'null'],
    ['{ a: long }', '{ a: x }'],
  ])('S3.14 a value of another type is none: %s, %s', (type, of) => {
    expect(value(type, of)).toContainEqual(expect.stringMatching(/is not of the declared type$/));
  });

  test('values are what conditions compare', () => {
    const of = (type: string, text: string) =>
      loadSet(
        acmeWith(
          'sources.yaml',
          'type: { one-of: [open, closed] }, value: open',
          `type: ${type}, value: ${text}`,
        ),
        sha256,
      ).set?.sources.get('calendar/release')?.value;
    expect(of('set', '[b, a, b]')).toEqual(['a', 'b']);
    expect(of('set', '[b, a]')).toEqual(['a', 'b']);
    expect([of('duration', '1h'), of('decimal', '"1.5"'), of('datetime', '1970-01-01T00:00:01Z')]).toEqual([
      new Duration(3_600_000),
      new Decimal(15_000n),
      new Datetime(1_000),
    ]);
  });
});
