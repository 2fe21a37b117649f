import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatInstant, parseInstant } from './instant.ts';

describe('parseInstant', () => {
  test.each([
    '1970-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '2000-02-29T12:34:56Z',
    '2024-02-29T00:00:00Z',
    '2027-06-30T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '0001-01-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
  ])('%s is what the platform says it is', (text) => expect(parseInstant(text)).toBe(Date.parse(text)));

  test.each([
    '',
    '2027',
    '2027-06-30',
    '2027-06-30T00:00Z',
    '2027-06-30T00:00:00',
    '2027-06-30 00:00:00Z',
    '2027-06-30t00:00:00z',
    '2027-06-30T00:00:00+00:00',
    '2027-06-30T00:00:00.000Z',
    '2027-06-30T00:00:00Z\n',
    ' 2027-06-30T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2027-00-01T00:00:00Z',
    '2027-13-01T00:00:00Z',
    '2027-01-00T00:00:00Z',
    '2027-04-31T00:00:00Z',
    '2027-01-32T00:00:00Z',
    '2027-01-01T24:00:00Z',
    '2027-01-01T00:60:00Z',
    '2016-12-31T23:59:60Z',
    '+012027-06-30T00:00:00Z',
    '-0001-01-01T00:00:00Z',
    '２０２７-06-30T00:00:00Z',
    '1720000000',
  ])('%j is none: one spelling, and only days that are', (text) => expect(parseInstant(text)).toBeNull());
});

describe('formatInstant', () => {
  test('it is the inverse, and agrees with the platform', () => {
    const [first, last] = ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z'].map(
      (text) => Date.parse(text) / 1000,
    );
    fc.assert(
      fc.property(fc.integer({ min: first!, max: last! }), (seconds) => {
        const text = formatInstant(seconds * 1000);
        expect(text).toBe(new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'));
        expect(parseInstant(text)).toBe(seconds * 1000);
      }),
      { numRuns: 2_000 },
    );
  });

  test('each first and last day of a month of leap and other years', () => {
    for (const year of [1, 4, 100, 400, 1600, 1900, 1970, 2000, 2024, 2027, 2100, 9999]) {
      for (let month = 1; month <= 12; month++) {
        for (const ms of [Date.UTC(2000, month - 1, 1), Date.UTC(2000, month, 0)]) {
          const date = new Date(ms);
          date.setUTCFullYear(year);
          expect(formatInstant(date.getTime())).toBe(date.toISOString().replace('.000Z', 'Z'));
        }
      }
    }
  });
});
