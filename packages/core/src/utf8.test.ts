import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from './hash.ts';
import { isWellFormed, utf8 } from './utf8.ts';

/** Texts with halves of pairs among their characters. */
const anyText = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));

describe('utf8', () => {
  test.each([
    '',
    'a',
    '\0',
    '\x7f',
    '\x80',
    '\u07ff',
    '\u0800',
    '\uffff',
    '\u{10000}',
    '\u{10ffff}',
    'e\u0301',
    '\u{1F468}\u200D\u{1F469}',
  ])('RFC 3629: %j is as the platform encodes it', (text) =>
    expect([...utf8(text)]).toEqual([...new TextEncoder().encode(text)]),
  );

  test('whatever the text, halves of pairs among it', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: 'binary' })), (text) => {
        expect([...utf8(text)]).toEqual([...new TextEncoder().encode(text)]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('isWellFormed', () => {
  test('it says what the language says', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(isWellFormed(text)).toBe(text.isWellFormed());
      }),
      { numRuns: 1_000 },
    );
    for (const text of ['\ud800', '\udc00', '\ud800\ud800', '\udc00\ud800', 'a\ud83d', '\ud83da'])
      expect([text, isWellFormed(text)]).toEqual([text, false]);
    expect(isWellFormed('\ud83d\ude00')).toBe(true);
  });
});

describe('toHex, fromHex', () => {
  test('they are inverse', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
    );
  });

  test.each(['a', 'AB', '0x00', 'zz', ' 00', '00 ', '０0', '-1'])('one spelling only: %j is none', (text) => {
    expect(fromHex(text)).toBeNull();
  });
});
