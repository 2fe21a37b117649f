import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Node } from './node.ts';
import { MAX_CHARACTERS, MAX_DEPTH, parseYaml } from './parse-yaml.ts';
import { formatProblem } from './problem.ts';

const problems = (text: string): readonly string[] => parseYaml('f', text).problems.map(formatProblem);
/** The document as plain data, places left out. */
function plain(node: Node | null): unknown {
  if (node === null) return 'unread';
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
}
const read = (text: string): unknown => plain(parseYaml('f', text).root);

describe('parseYaml', () => {
  test('maps, lists and scalars come out as they were written', () => {
    expect(read('a: 1\nb: [x, "y", true, null]\nc:\n  - d: -5\n    e:\n')).toEqual({
      a: 1,
      b: ['x', 'y', true, null],
      c: [{ d: -5, e: null }],
    });
    expect(read('---\na: 1\n...\n')).toEqual({ a: 1 });
  });

  test.each([
    'yes',
    'no',
    'on',
    'off',
    'y',
    'n',
    '1_000',
    '190:20:30',
    '2026-01-01',
    '0b11',
    '1.2.3',
    'NaN',
    '0o8',
    '1e',
    '--1',
  ])('YAML 1.2: %s is a text, whatever other versions take it for', (text) =>
    expect(read(`a: ${text}`)).toEqual({ a: text }),
  );

  test.each(['true', 'True', 'TRUE'])('%s is true', (text) =>
    expect(read(`a: ${text}`)).toEqual({ a: true }),
  );

  test.each(['0', '7', '-7', '9007199254740991', '-9007199254740991'])('a whole number is %s', (text) => {
    expect(read(`a: ${text}`)).toEqual({ a: Number(text) });
  });

  test.each([
    '1.5',
    '1.0',
    '1.',
    '.5',
    '1e3',
    '0o17',
    '0x1F',
    '017',
    '+5',
    '-0',
    '00',
    '.inf',
    '-.inf',
    '.nan',
    '9007199254740992',
    '9007199254740991.4',
    '1000000000000000000000',
  ])('G12 %s is neither a whole number in plain decimal nor a text, so it is refused', (text) => {
    expect(problems(`a:\n  b: ${text}`)).toEqual([
      'f:2:6: numbers must be whole, in plain decimal, and within ±(2^53−1)',
    ]);
    expect(read(`a: "${text}"`)).toEqual({ a: text });
  });

  test.each([
    ['a tag', 'a: !!str 1', 'f:1:10: tags are not allowed'],
    ['a tag of a map', 'a: !!map { b: 1 }', 'f:1:10: tags are not allowed'],
    ['a tag of a key', '!!str a: 1', 'f:1:7: keys must be plain text'],
    ['the tag that means none', 'a: ! b', 'f:1:6: tags are not allowed'],
    ['a binary', 'a: !!binary aGk=', 'f:1:13: tags are not allowed'],
    ['a tag of its own', 'a: !js/function x', 'f:1:4: unresolved tag: !js/function'],
    ['an anchor', 'a: &x 1', 'f:1:7: anchors are not allowed; write the value out'],
    ['an anchor of nothing', 'a: &x', 'f:1:6: anchors are not allowed; write the value out'],
    ['an anchor of a list', 'a: &x [1]', 'f:1:7: anchors are not allowed; write the value out'],
    ['an anchor of a key', '&x a: 1', 'f:1:4: keys must be plain text'],
    ['an alias', 'a: &x 1\nb: *x', 'f:2:4: aliases are not allowed; write the value out'],
    ['an alias of a key', '*x : 1', 'f:1:1: keys must be plain text'],
    ['an alias of nothing', 'a: *x', 'f:1:4: aliases are not allowed; write the value out'],
    ['a merge key', '<<: { a: 1 }', 'f:1:1: merge keys are not allowed; write the values out'],
    ['a merge key in quotes', '"<<": { a: 1 }', 'f:1:1: merge keys are not allowed; write the values out'],
    ['a key twice', 'a: 1\nb: 1\na: 2', 'f:3:1: `a` stands here twice'],
    ['a key twice, once in quotes', 'a: 1\n"a": 2', 'f:2:1: `a` stands here twice'],
    ['a key twice, once escaped', 'a: 1\n"\\x61": 2', 'f:2:1: `a` stands here twice'],
    ['a key twice in brackets', 'x: { a: 1, a: 2 }', 'f:1:12: `a` stands here twice'],
    ['__proto__', '__proto__: 1', 'f:1:1: `__proto__` is not allowed as a key'],
    ['__proto__ in quotes', 'a: { "__proto__": { b: 1 } }', 'f:1:6: `__proto__` is not allowed as a key'],
    ['constructor', 'constructor: 1', 'f:1:1: `constructor` is not allowed as a key'],
    ['prototype', 'prototype: 1', 'f:1:1: `prototype` is not allowed as a key'],
    ['a number for a key', '1: a', 'f:1:1: keys must be plain text'],
    ['a truth for a key', 'true: a', 'f:1:1: keys must be plain text'],
    ['nothing for a key', ': a', 'f:1:1: keys must be plain text'],
    ['a list for a key', '[a]: 1', 'f:1:1: keys must be plain text'],
    ['an explicit key', '? a\n: 1', 'f:1:3: keys must be plain text'],
    ['an explicit block for a key', '? |\n  a\n: 1', 'f:1:3: keys must be plain text'],
    ['a key with what cannot be seen', '"a\\u202e": 1', 'f:1:1: keys must be plain text'],
    ['another version', '%YAML 1.1\n---\na: yes', 'f:1:1: directives are not allowed'],
    ['a tag directive', '%TAG ! tag:x,2000:\n---\na: 1', 'f:1:1: directives are not allowed'],
    ['two documents', 'a: 1\n---\nb: 2', 'f:2:1: a file holds one document'],
    ['what follows the end', 'a: 1\n...\nb: 1', 'f:3:1: a file holds one document'],
    ['nothing', '', 'f:1:1: the file is empty'],
    ['only a comment', '# c\n', 'f:1:1: the file is empty'],
    ['a tab for indentation', 'a:\n\t- b', 'f:2:1: tabs are not allowed as indentation'],
    ['NUL', 'a: "x\0"', 'f:1:6: the file holds U+0000, which cannot be seen'],
    ['NUL by escape', 'a: "x\\0"', 'f:1:4: the text holds U+0000, which cannot be seen'],
    ['an escape of terminals', 'a: x # \u001b[2K', 'f:1:8: the file holds U+001B, which cannot be seen'],
    ['an escape of terminals by escape', 'a: "\\e[2K"', 'f:1:4: the text holds U+001B, which cannot be seen'],
    ['text that turns around', 'a: b # \u202e', 'f:1:8: the file holds U+202E, which cannot be seen'],
    ['text that is isolated', 'a: "\\u2066"', 'f:1:4: the text holds U+2066, which cannot be seen'],
    ['half a surrogate pair', 'a: "\ud800"', 'f:1:5: the file holds U+D800, which cannot be seen'],
    ['half a surrogate pair by escape', 'a: "\\ud800"', 'f:1:4: the text holds U+D800, which cannot be seen'],
    [
      'half a line end',
      'a: 1 # x\rb: 2',
      'f:1:9: the file holds U+000D, which not everybody reads as the end of a line',
    ],
    [
      'a line end of others',
      'a: 1 # x\u2028b: 2',
      'f:1:9: the file holds U+2028, which not everybody reads as the end of a line',
    ],
    ['no code point', 'a: "\\U00110000"', 'f:1:5: invalid escape sequence \\U00110000'],
  ])('S3.14 refused: %s', (_, text, message) => expect(problems(text)).toContain(message));

  test('a file with a problem has no root', () => {
    for (const text of ['a: &x 1', 'a: [', '', '\0', 'a: 1.5']) expect(parseYaml('f', text).root).toBeNull();
  });

  test('all mistakes are found at once, each at its place', () => {
    expect(problems('a: &x 1\nb: !!str 2\nc:\n  - 1.5\n  - { d: *x, d: 1 }\n')).toEqual([
      'f:1:7: anchors are not allowed; write the value out',
      'f:2:10: tags are not allowed',
      'f:4:5: numbers must be whole, in plain decimal, and within ±(2^53−1)',
      'f:5:10: aliases are not allowed; write the value out',
      'f:5:14: `d` stands here twice',
    ]);
  });

  test('lines end with LF or CRLF, a byte order mark counts for nothing, columns count UTF-16 units', () => {
    expect(problems('a: 1\r\nb: 0.5\r\n')[0]).toMatch(/^f:2:4:/);
    expect(problems('\uFEFFa: 1\nb: 0.5')[0]).toMatch(/^f:2:4:/);
    expect(problems('a: ["\u{1F600}", 0.5]')[0]).toMatch(/^f:1:11:/);
    expect(read('\uFEFFa: b')).toEqual({ a: 'b' });
  });

  test.each([
    ['plain', 'a: some text', 3],
    ['single quotes', "a: 'some text'", 4],
    ['double quotes', 'a: "some text"', 4],
    ['a block of one line', 'a: |-\n  some text\n', 8],
    ['single quotes with a quote', "a: 'it''s'", null],
    ['double quotes with an escape', 'a: "a\\tb"', null],
    ['a block of two lines', 'a: |-\n  some\n  text\n', null],
    ['a folded text', 'a: >-\n  some\n  text\n', null],
    ['plain over two lines', 'a: some\n  text', null],
    ['a block that looks like its own mark', 'a: |-\n  |-\n', 8],
    ['a byte order mark before it', '\uFEFFa: some text', 4],
  ])('a text in %s says where it begins, if it can', (_, text, at) => {
    const { root } = parseYaml('f', text);
    const value = root?.kind === 'map' ? root.entries[0]?.value : null;
    expect(value?.kind === 'scalar' ? value.contentAt : undefined).toBe(at);
  });
});

describe('bounds of parseYaml', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  test('F14 depth 16 is read, 17 is not: brackets, dashes and maps alike', () => {
    const maps = (depth: number): string =>
      Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
    expect(problems(nested(MAX_DEPTH))).toEqual([]);
    expect(problems(nested(MAX_DEPTH + 1))).toEqual(['f:1:17: brackets are nested deeper than 16']);
    expect(problems(`${'- '.repeat(16)}a`)).toEqual([]);
    expect(problems(`${'- '.repeat(17)}a`)).toEqual(['f:1:1: lists are nested deeper than 16']);
    expect(problems(`a:\n  ${'- '.repeat(15)}a`)).toEqual([]);
    expect(problems(`a:\n  ${'- '.repeat(16)}a`)[0]).toMatch(/nested deeper than 16$/);
    expect(problems(`${maps(16)} 1`)).toEqual([]);
    expect(problems(`${maps(17)} 1`)[0]).toMatch(/^f:17:\d+: nested deeper than 16$/);
  });

  test('F14 brackets inside texts and comments open and close nothing', () => {
    expect(problems(`a: "${'['.repeat(100)}" # ${'{'.repeat(100)}`)).toEqual([]);
    expect(problems(`a: b${']'.repeat(100)}\nc: '${'}'.repeat(100)}'`)).toEqual([]);
  });

  const BOMBS: readonly (readonly [string, string])[] = [
    ['brackets', '['.repeat(100_000)],
    ['braces', '{'.repeat(100_000)],
    ['brackets below a comment that closes them', `#${']'.repeat(100_000)}\n${'['.repeat(100_000)}`],
    ['brackets that texts seem to close', '["]",'.repeat(40_000)],
    ['braces that keys seem to close', '{"}":'.repeat(40_000)],
    ['dashes', '- '.repeat(100_000)],
    ['dashes below each other', Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}-`).join('\n')],
    ['question marks', '? '.repeat(100_000)],
    ['colons', ': '.repeat(100_000)],
    ['keys in a row', 'a: '.repeat(80_000)],
    ['keys and dashes in a row', 'a: - '.repeat(50_000)],
    ['dashes and tags', '- !a '.repeat(50_000)],
    ['dashes and anchors', '- &a '.repeat(50_000)],
    ['aliases', '*a '.repeat(60_000)],
    ['anchors', '&a '.repeat(60_000)],
    ['tags', '! '.repeat(60_000)],
    ['commas', `[${','.repeat(200_000)}`],
    ['quotes', '"'.repeat(200_000)],
    ['block marks', 'a: |\n'.repeat(50_000)],
    [
      'aliases of aliases',
      `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a]`).join('\n')}`,
    ],
  ];
  test.each(BOMBS)('F14 a bomb of %s is a problem of the file, and never one of the process', (_, text) => {
    const { root, problems: found } = parseYaml('f', text);
    expect(root).toBeNull();
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(60_000);
  });

  test('F14 300 kB are refused before they are read, and the largest file of many keys is read', () => {
    expect(problems(`a: ${'x'.repeat(300_000)}`)).toEqual([
      `f:1:1: the file has more than ${MAX_CHARACTERS} characters`,
    ]);
    const many = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n');
    expect(Object.keys(read(many) as object)).toHaveLength(20_000);
    expect(problems(`${many}\nk7: 2`)).toEqual(['f:20001:1: `k7` stands here twice']);
  });

  test('whatever the text, it answers with a root or with problems that stand in the file', () => {
    const part = fc.constantFrom(
      ...'[]{},:-?!&*#|>%@`"\'\n\r\t \\0a~<'.split(''),
      '- ',
      ': ',
      '\n  ',
      '---\n',
      '...\n',
      '\u{1F600}',
      '\uFEFF',
      '\u2028',
      '\ud800',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(part, { maxLength: 60 }).map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const { root, problems: found } = parseYaml('f', text);
          expect(root === null).toBe(found.length > 0);
          const lines = text.split('\n').length;
          for (const { line, column } of found) {
            expect(line).toBeLessThanOrEqual(lines);
            expect(column).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
