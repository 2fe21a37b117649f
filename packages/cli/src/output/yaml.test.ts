import { jsonOf, parseYaml } from '@writ/flow';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { yamlOf } from './yaml.ts';

const read = (text: string): unknown => {
  const { root, problems } = parseYaml('f', text);
  expect(problems).toEqual([]);
  return root === null ? undefined : jsonOf(root);
};

describe('yamlOf', () => {
  test('a value is written in block style, plainly where no reader of YAML takes it for something else', () => {
    const value = {
      name: 'svc-a',
      purpose: 'monthly reports',
      scopes: ['reports:read', 'a b'],
      none: [],
      nothing: null,
      attributes: {},
      keys: [{ kid: 'k1', kty: 'EC' }, [1, [true]]],
    };
    expect(yamlOf(value)).toBe(
      [
        'name: svc-a',
        'purpose: monthly reports',
        'scopes:',
        '  - "reports:read"',
        '  - a b',
        'none: []',
        'nothing: null',
        'attributes: {}',
        'keys:',
        '  - kid: k1',
        '    kty: EC',
        '  - - 1',
        '    - - true',
        '',
      ].join('\n'),
    );
  });

  test.each([
    'yes',
    'No',
    'on',
    'y',
    'null',
    'True',
    '1',
    '1.5',
    '0x1F',
    '2026-01-01',
    '',
    ' ',
    '- a',
    'a: b',
    'a #b',
    '@a',
    'a\nb',
    'user:ana',
    '"',
    '\\',
  ])('%j is quoted, and read as the text it is', (text) => {
    const written = yamlOf({ text });
    expect(written).toMatch(/^text: "/);
    expect(read(written)).toEqual({ text });
  });

  test.each(['\u001b[31m', '\u202e', '\u0085', '\u2028', '\u{e0001}', '\u0007'])(
    'L6 %j is written so that no terminal takes it for a command',
    (text) => {
      const written = yamlOf({ text });
      expect(written).toMatch(/^[ -~]*\n$/);
      expect(JSON.parse(written.slice('text: '.length))).toBe(text);
    },
  );

  const json = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false),
      fc.maxSafeInteger(),
      fc.string({ unit: 'grapheme' }),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom('a', 'b-c', 'd_e', 'on', '7'), tie('any'), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  })).any;

  test('whatever is written is read as it was', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b'), json, { noNullPrototype: true }), (value) => {
        expect(read(yamlOf(value))).toEqual(value);
      }),
      { numRuns: 1_000 },
    );
  });
});
