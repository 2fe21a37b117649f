import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import {
  decodeBase64,
  decodeHex,
  decodeUtf8,
  encodeBase64,
  encodeHex,
  encodeUtf8,
  LedgerError,
} from './index.ts';
import { parseDecimal } from './size.ts';

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof LedgerError ? error.code : String(error);
  }
  return 'accepted';
}

describe('base64', () => {
  test('it is the base64 of RFC 4648, both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(Buffer.from(decodeBase64(text))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test.each([
    'A',
    'AA',
    'AAA',
    'AA=',
    'A===',
    '====',
    '=AAA',
    'AA=A',
    'AB==',
    'AAB=',
    'AA==AAAA',
    'AAA=AAAA',
    'AA-_',
    ' AAA',
    'AAA\n',
    'AAAA\n',
    'AAA\u0101',
    'AAA\u00c1',
  ])('%j has another spelling or none', (text) => {
    expect(code(() => decodeBase64(text))).toBe('base64-malformed');
  });

  test('two texts are never the same bytes', () => {
    const text = fc.stringMatching(/^[A-Za-z0-9+/]{2}(?:[A-Za-z0-9+/]{2}|[A-Za-z0-9+/]=|==)$/);
    fc.assert(
      fc.property(text, (one) => {
        fc.pre(code(() => decodeBase64(one)) === 'accepted');
        expect(encodeBase64(decodeBase64(one))).toBe(one);
      }),
      { numRuns: 500 },
    );
  });
});

describe('hex', () => {
  test('it reads back and has one spelling', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(encodeHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(Buffer.from(decodeHex(encodeHex(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
    for (const bad of ['0', 'AB', '0x', 'g0', ' 0', '0\n']) {
      expect(code(() => decodeHex(bad))).toBe('hex-malformed');
    }
  });
});

describe('utf-8', () => {
  test('it is UTF-8, both ways', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = encodeUtf8(text);
        expect(Buffer.from(bytes)).toEqual(Buffer.from(text, 'utf8'));
        expect(decodeUtf8(bytes)).toBe(text);
      }),
    );
  });

  test('a byte order mark is kept: it is part of what was signed', () => {
    expect(decodeUtf8(encodeUtf8('\ufeffa'))).toBe('\ufeffa');
  });

  test.each(['ff', 'c080', 'c3', 'e28280ff', 'eda080', 'f4908080', 'f8888080'])('%s is not UTF-8', (hex) => {
    expect(code(() => decodeUtf8(Buffer.from(hex, 'hex')))).toBe('utf8-malformed');
  });

  test('a lone surrogate is refused, not replaced', () => {
    for (const text of ['\ud800', 'a\udc00', '\udc00\ud800']) {
      expect(code(() => encodeUtf8(text))).toBe('utf8-malformed');
    }
  });
});

describe('parseDecimal', () => {
  test('every whole number up to 2^53 - 1 has one spelling', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(parseDecimal(String(value))).toBe(value);
        expect(parseDecimal(`0${value}`)).toBeNull();
      }),
    );
    const others = ['', '-0', '+1', '1 ', '1e3', '0x1', '1_0', '1.0', '9007199254740992', '\u0661', '1\n'];
    for (const bad of others) expect(parseDecimal(bad)).toBeNull();
  });
});

describe('canonicalJson', () => {
  test('members are sorted by UTF-16 code units, as RFC 8785 shows', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalJson(value)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    );
  });

  test('it has no white space and reads back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test('the order in which members were given does not show', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(
      canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }),
    );
  });

  test('F14 nesting and values that are not JSON are refused', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 17; i++) deep = [deep];
    const bad = [
      deep,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      undefined,
      1n,
      '\ud800',
      { a: undefined },
      () => 1,
    ];
    for (const one of bad) expect(code(() => canonicalJson(one))).toBe('record-malformed');
  });
});
