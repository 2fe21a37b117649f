import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';

describe('canonicalJson', () => {
  test('RFC 8785 §3.2.3: members are sorted by UTF-16 code units, not by code points', () => {
    const unsorted = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(unsorted)) as object)).toHaveLength(7);
    expect([...canonicalJson(unsorted).matchAll(/:"(.*?)"/g)].map(([, value]) => value)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test('RFC 8785 §3.2.2.2: only what must be escaped is, and in the shortest form', () => {
    expect(canonicalJson('\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/')).toBe(
      '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"',
    );
    expect(canonicalJson('\b\t\n\f\r\u0000\u001f\u007f\u2028')).toBe(
      '"\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\u2028"',
    );
  });

  test('RFC 8785 §3.2.3: sorting goes into members of members, and lists keep their order', () => {
    expect(canonicalJson({ b: [{ z: 1, a: null }, [true, false], {}], a: [] })).toBe(
      '{"a":[],"b":[{"a":null,"z":1},[true,false],{}]}',
    );
  });

  test.each([
    [0, '0'],
    [-0, '0'],
    [-1, '-1'],
    [1e20 / 1e5, '1000000000000000'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [Number.MIN_SAFE_INTEGER, '-9007199254740991'],
  ])('a safe integer is printed plainly: %d', (value, text) => expect(canonicalJson(value)).toBe(text));

  test.each([0.5, 1e-7, 2 ** 53, -(2 ** 53), 1e21, Number.NaN, Infinity, -Infinity])(
    'L3 a number that languages print differently is refused: %d',
    (value) =>
      expect(() => canonicalJson({ a: [value] })).toThrow(expect.objectContaining({ code: 'invalid' })),
  );

  test.each(['\ud800', 'a\udc00', '\udc00\ud800', 'x\ud83d'])(
    'half a surrogate pair is refused: %j',
    (text) => {
      expect(() => canonicalJson(text)).toThrow(expect.objectContaining({ code: 'invalid' }));
      expect(() => canonicalJson({ [text]: 1 })).toThrow(expect.objectContaining({ code: 'invalid' }));
    },
  );

  test('a member that is undefined is left out', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  test('a member called __proto__ is a member like any other', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"a":1}}') as Json)).toBe(
      '{"__proto__":{"a":1},"b":1}',
    );
  });

  const json = fc.letrec<{ any: Json }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false),
      fc.maxSafeInteger(),
      fc.string({ unit: 'binary' }),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'binary' }), tie('any'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).any;

  test('it parses back to the same value, and to the same text', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      }),
    );
  });

  test('the order in which members were added does not matter', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json, { noNullPrototype: true }), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });

  test('different values have different texts', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        let same = true;
        try {
          expect(a).toEqual(b);
        } catch {
          same = false;
        }
        expect(canonicalJson(a) === canonicalJson(b)).toBe(same);
      }),
    );
  });
});
