import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiJson } from './ascii-json.ts';

test('RFC 8259 §7: what is not ASCII is escaped and reads back as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (value) => {
      const bytes = asciiJson(value);
      expect(bytes.every((byte) => byte < 0x80)).toBe(true);
      expect(JSON.parse(bytes.toString('utf8'))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('the em dash of a signature line', () => {
  expect(asciiJson({ line: '\u2014 log' }).toString('latin1')).toBe('{"line":"\\u2014 log"}');
});
