import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  test.each([
    ['0s', 0],
    ['90s', 90],
    ['10m', 600],
    ['1h30m', 5_400],
    ['1d12h', 129_600],
    ['7d', 604_800],
    ['1d1h1m1s', 90_061],
    ['365d', 31_536_000],
    ['24h', 86_400],
  ])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  test.each([
    '',
    ' ',
    '10',
    '10 m',
    ' 10m',
    '10m ',
    '10m\n',
    '10M',
    '10min',
    '1.5h',
    '-1h',
    '+1h',
    '1h-30m',
    'm',
    'hm',
    '1s1m',
    '1m1h',
    '1h1h',
    '1w',
    '1y',
    '1ms',
    'PT10M',
    '１０m',
    '1e3s',
    '0x1s',
    '100000d',
    '1234567890s',
    '1d1d',
  ])('%j is none: no other unit, order, sign, fraction or space', (text) =>
    expect(parseDuration(text)).toBeNull(),
  );
});

describe('formatDuration', () => {
  test.each([
    [0, '0s'],
    [59, '59s'],
    [600, '10m'],
    [86_400, '1d'],
    [129_600, '1d12h'],
    [90_061, '1d1h1m1s'],
  ])('%d seconds are %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  test('what it writes is read back, and no unit is there for nothing', () => {
    fc.assert(
      fc.property(fc.nat(99_999 * 86_400), (seconds) => {
        const text = formatDuration(seconds);
        expect(parseDuration(text)).toBe(seconds);
        expect(text).not.toMatch(/(?<!\d)0[dhm]/);
      }),
    );
  });
});
