import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { Datetime, Decimal, Duration } from '@writ/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExtensionType } from './expression.ts';
import { parseExtension } from './extension.ts';

/** For each text whether Cedar reads it as a literal of the type: it equals itself, or evaluating it is an error. */
function cedarReads(type: ExtensionType, texts: readonly string[]): readonly boolean[] {
  const escape = (text: string): string =>
    Array.from(text, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`).join('');
  const policies = texts.map((text, i) => {
    const literal = `${type}("${escape(text)}")`;
    return [`p${i}`, `permit(principal, action, resource) when { ${literal} == ${literal} };`];
  });
  const uid = { type: 'W', id: 'x' };
  const answer = isAuthorized({
    principal: uid,
    action: uid,
    resource: uid,
    context: {},
    entities: [],
    policies: { staticPolicies: Object.fromEntries(policies) as Record<string, string> },
  });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  const held = new Set(answer.response.diagnostics.reason);
  return texts.map((_, i) => held.has(`p${i}`));
}

const WRITTEN: Readonly<Record<ExtensionType, readonly string[]>> = {
  duration: [
    '1d2h3m4s5ms',
    '0s',
    '-1h',
    '10m',
    '1ms',
    '60m',
    '007s',
    '',
    '-',
    '1',
    'h',
    '1h1d',
    '1h 1m',
    '+1h',
    '1.5h',
    '--1h',
    '1H',
    '1w',
    '5ms4s',
    '1h1h',
    'P1D',
    '１h',
  ],
  datetime: [
    '2024-02-29',
    '1970-01-01T00:00:00Z',
    '2024-02-29T12:00:00+0100',
    '2024-02-29T12:00:00.123Z',
    '2024-02-29T12:00:00.123-2359',
    '0001-01-01',
    '9999-12-31',
    '0000-01-01',
    '2023-02-29',
    '2024-13-01',
    '2024-00-01',
    '2024-01-00',
    '2024-04-31',
    '2024-02-29T24:00:00Z',
    '2024-02-29T23:60:00Z',
    '2016-12-31T23:59:60Z',
    '2024-02-29T12:00Z',
    '2024-02-29T12:00:00',
    '2024-02-29 12:00:00Z',
    '2024-02-29t12:00:00z',
    '2024-02-29T12:00:00+01:00',
    '2024-02-29T12:00:00+2400',
    '2024-02-29T12:00:00+0060',
    '2024-02-29T12:00:00.12Z',
    '2024-02-29T12:00:00.1234Z',
    '24-02-29',
    '',
    '2024-2-29',
    '-0001-01-01',
    '2024-02-29Z',
    '2024-02-29T12:00:00+1',
    '1900-02-29',
    '2000-02-29',
  ],
  decimal: [
    '0.0',
    '-0.0',
    '1.2345',
    '01.10',
    '-1.5',
    '922337203685477.5807',
    '-922337203685477.5808',
    '922337203685477.5808',
    '-922337203685477.5809',
    '1',
    '1.',
    '.5',
    '1.23456',
    '+1.0',
    '1e3',
    '',
    '-',
    '1.-5',
    '--1.0',
    '1.0 ',
    '１.0',
  ],
};
const PARTS: Readonly<Record<ExtensionType, readonly string[]>> = {
  duration: ['1', '23', '0', 'd', 'h', 'm', 's', 'ms', '-', ' ', '.'],
  datetime: [
    '2024',
    '1999',
    '0000',
    '02',
    '29',
    '31',
    '12',
    '00',
    '23',
    '59',
    '-',
    'T',
    ':',
    '.',
    'Z',
    '+0100',
    '123',
  ],
  decimal: ['0', '1', '99', '.', '-', '5807', '9223372036854', ' ', 'e'],
};

describe.each(Object.keys(WRITTEN) as ExtensionType[])('%s literals', (type) => {
  const ours = (text: string): boolean => parseExtension(type, text) !== null;

  test('what we read is what Cedar reads', () => {
    const theirs = cedarReads(type, WRITTEN[type]);
    expect(WRITTEN[type].map((text) => [text, ours(text)])).toEqual(
      WRITTEN[type].map((text, i) => [text, theirs[i]]),
    );
  });

  test('and so it is with texts put together of their parts', () => {
    const text = fc.array(fc.constantFrom(...PARTS[type]), { maxLength: 9 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 80, maxLength: 80, size: 'max' }), (texts) => {
        const theirs = cedarReads(type, texts);
        expect(texts.filter((each, i) => ours(each) !== theirs[i])).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});

describe('parseExtension', () => {
  test('durations and times are milliseconds, decimals ten-thousandths', () => {
    expect(parseExtension('duration', '1d2h3m4s5ms')).toEqual(new Duration(93_784_005));
    expect(parseExtension('duration', '-1h')).toEqual(new Duration(-3_600_000));
    expect(parseExtension('decimal', '-1.5')).toEqual(new Decimal(-15_000n));
    expect(parseExtension('datetime', '2024-02-29T12:00:00+0100')).toEqual(
      new Datetime(Date.parse('2024-02-29T11:00:00Z')),
    );
  });

  test('a time is what the platform says it is', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(parseExtension('datetime', date.toISOString())).toEqual(new Datetime(date.getTime()));
      }),
    );
  });

  test('F14 a duration too long to count exactly is none', () => {
    expect(parseExtension('duration', '104249991d')).not.toBeNull();
    expect(parseExtension('duration', '104249992d')).toBeNull();
    expect(parseExtension('duration', `${'9'.repeat(400)}d`)).toBeNull();
  });
});
