import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isStrictList, isStrictObject, parseStrictJson, type StrictJson } from './strict-json.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));

/** Written out: text that most parsers take and this one must not. */
const AMBIGUOUS: readonly (readonly [abuse: string, rule: string, text: string])[] = [
  ['T7', 'a member named twice', '{"sub":"a","sub":"b"}'],
  ['T7', 'a member named twice, once escaped', '{"sub":"a","s\\u0075b":"b"}'],
  ['T7', 'a member named twice further in', '{"a":[{"b":1,"b":1}]}'],
  ['T18', 'a member `__proto__`', '{"__proto__":{"admin":true}}'],
  ['T18', 'a member `__proto__` in escapes', '{"\\u005f_proto__":{}}'],
  ['T18', 'a member `constructor`', '{"a":{"constructor":1}}'],
  ['T18', 'a member `prototype`', '{"prototype":1}'],
  ['T18', 'a byte order mark', '\ufeff{}'],
  ['T18', 'a high surrogate alone', '{"a":"\\ud800"}'],
  ['T18', 'a low surrogate alone', '{"a":"\\udc00x"}'],
  ['T18', 'surrogates in the wrong order', '{"a":"\\udc00\\ud800"}'],
  ['T18', 'a surrogate in a member name', '{"\\ud800":1}'],
  ['T9', 'a number beyond doubles', '{"exp":1e999}'],
  ['T9', 'a negative number beyond doubles', '{"exp":-1e999}'],
  ['T9', 'a number of 33 digits', `{"exp":${'1'.repeat(33)}}`],
  ['T9', 'a fraction that rounds to an integer', '{"exp":9007199254740990.6}'],
  ['T9', 'a fraction of many digits that rounds to one', '{"exp":1.00000000000000000001}'],
  ['T9', 'a number that rounds to nothing', '{"exp":1e-400}'],
  ['T9', 'a negative number that rounds to nothing', '{"exp":-0.1e-400}'],
  ['T16', 'nesting of nine objects', `${'{"a":'.repeat(9)}1${'}'.repeat(9)}`],
  ['T16', 'nesting of nine lists', `${'['.repeat(9)}${']'.repeat(9)}`],
  ['T16', 'nesting of ten thousand lists', '['.repeat(10_000)],
];

/** Text that is not JSON (RFC 8259). */
const NOT_JSON: readonly string[] = [
  '',
  ' ',
  '{',
  '}',
  '[',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{,}',
  '{a:1}',
  "{'a':1}",
  '{"a":1 "b":2}',
  '[1,]',
  '[,1]',
  '[1 2]',
  '{} {}',
  '{}x',
  'NaN',
  'Infinity',
  '-',
  '01',
  '+1',
  '.5',
  '1.',
  '1e',
  '0x10',
  'tru',
  'True',
  'undefined',
  '"',
  '"a',
  '"\\',
  '"\\x41"',
  '"\\u12"',
  '"\\u12g4"',
  '"\\u+123"',
  '"a\nb"',
  '"\\n\t"',
  '"a\u0000b"',
  '{}\u00a0',
  '\u000b{}',
  '// comment\n{}',
  '{}\u0000',
];

describe('parseStrictJson', () => {
  test.each(AMBIGUOUS)('%s refuses %s', (_abuse, _rule, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  test.each(NOT_JSON)('refuses %j', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  test.each([
    ['a byte that never occurs', [0x22, 0xff, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a cut sequence', [0x22, 0xe2, 0x82, 0x22]],
  ])('T18 refuses bytes that are not utf-8: %s', (_name, bytes) => {
    expect(() => parseStrictJson(Buffer.from(bytes))).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  test('accepts eight levels, escapes, pairs of surrogates and white space', () => {
    expect(parse('[[[[[[[[]]]]]]]]')).toEqual([[[[[[[[]]]]]]]]);
    expect(
      parse('\t{ "a" : "\\ud83d\\ude00\\n\\/\\"" ,\r\n"é":[ true , false , null , -0.5e-2 ] }\n'),
    ).toEqual({
      a: '😀\n/"',
      é: [true, false, null, -0.005],
    });
  });

  test('T18 finds nothing on a prototype', () => {
    const object = parse('{"a":{}}');
    if (!isStrictObject(object)) throw new Error('not an object');
    expect(object['toString']).toBeUndefined();
    expect(Object.getPrototypeOf(object)).toBeNull();
    expect(Object.getPrototypeOf(object['a'])).toBeNull();
  });

  test('tells lists, objects and null apart', () => {
    expect([parse('[]'), parse('{}'), parse('null'), undefined].map(isStrictObject)).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect([parse('[]'), parse('{}'), parse('null'), undefined].map(isStrictList)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('reads whatever JSON.stringify writes, as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 7 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/"(?:__proto__|constructor|prototype)":/.test(text) && !/\d{33}/.test(text));
        fc.pre(text.isWellFormed() && !/\\ud[89a-f]/i.test(text));
        expect(JSON.stringify(parse(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  test('accepts no changed text that JSON.parse refuses, and reads what both accept alike', () => {
    const seed = '{"a":["x",1.5e1,true,null,{"b":"\\u0041"}],"c":""}';
    fc.assert(
      fc.property(fc.nat(seed.length - 1), fc.string({ maxLength: 2 }), fc.nat(2), (at, insert, cut) => {
        const text = seed.slice(0, at) + insert + seed.slice(at + cut);
        let ours: StrictJson;
        try {
          ours = parse(text);
        } catch {
          return;
        }
        expect(ours).toEqual(JSON.parse(text));
      }),
      { numRuns: 3000 },
    );
  });
});
