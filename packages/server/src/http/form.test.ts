import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseForm, single } from './form.ts';

test('C3 whatever a browser writes is read as it was meant', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 20 }), (pairs) => {
      const form = parseForm(new URLSearchParams(pairs).toString());
      const read = [...(form ?? [])].flatMap(([name, values]) => values.map((value) => [name, value]));
      const byName = (list: readonly (readonly string[])[]): readonly string[] =>
        list.map((pair) => pair.join('=')).toSorted();
      expect(byName(read)).toEqual(byName(pairs));
    }),
  );
});

test('C3 no text makes the parser throw, and names of Object.prototype are names', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const form = parseForm(text);
      expect(form === null || form instanceof Map).toBe(true);
    }),
  );
  const form = parseForm('__proto__=1&constructor=2') ?? new Map();
  expect([single(form, '__proto__'), single(form, 'constructor'), single(form, 'toString')]).toEqual([
    '1',
    '2',
    undefined,
  ]);
});

test.each(['%', '%4', 'a=%zz', '%ff=1', 'a=%ed%a0%80', 'a=%c0%80', 'a=%f8%88%80%80%80'])(
  'C3 `%s` is no form in UTF-8',
  (body) => {
    expect(parseForm(body)).toBeNull();
  },
);

test('C3 a form has 64 parameters at most', () => {
  expect(parseForm(Array.from({ length: 64 }, (_, i) => `p${i}=1`).join('&'))?.size).toBe(64);
  expect(parseForm(Array.from({ length: 65 }, () => 'p=1').join('&'))).toBeNull();
});

test.each([
  ['', undefined],
  ['p', undefined],
  ['p=', undefined],
  ['P=1', undefined],
  ['p=1', '1'],
  ['p=a+b%2b', 'a b+'],
  ['p=1=2', '1=2'],
  ['p=1&q=2', '1'],
  ['p=1&p=1', null],
  ['p=&p=1', null],
  ['p&p', null],
])('C3 in `%s` the one value of p is %j', (body, value) => {
  expect(single(parseForm(body) ?? new Map(), 'p')).toBe(value);
});
