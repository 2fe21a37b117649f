import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACME, ACME_FLOWS, compileText, sha256 } from '../artefact/acme.test.ts';
import { loadSet } from '../artefact/load-set.ts';
import { formatFlow } from './format-flow.ts';

const flow = (name: string): string => ACME_FLOWS.find(({ path }) => path.includes(name))!.text;
const comments = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^|\s)# ?(.*)$/gm)].map(([, comment]) => comment!.trim()).toSorted();

describe('formatFlow', () => {
  test.each(ACME)('$path: formatting twice changes nothing, and no comment is lost', ({ text }) => {
    const once = formatFlow(text);
    expect(formatFlow(once)).toBe(once);
    expect(comments(once)).toEqual(comments(text));
  });

  test.each(ACME_FLOWS)('$path: the hash stays', ({ text }) => {
    expect(compileText(formatFlow(text)).flow?.hash).toBe(compileText(text).flow?.hash);
  });

  test('the whole set keeps its hash', () => {
    const formatted = ACME.map(({ path, text }) => ({ path, text: formatFlow(text) }));
    expect(loadSet(formatted, sha256).set?.hash).toBe(loadSet(ACME, sha256).set?.hash);
  });

  test('keys stand in the order of the language, unknown ones last', () => {
    const shuffled = 'lifecycle: { revoke-on: [], renewable: true }\nzz: 1\n\nflow: a\nwrit: flow/v1\n';
    expect(formatFlow(shuffled)).toBe(
      'writ: flow/v1\n\nflow: a\nlifecycle: { renewable: true, revoke-on: [] }\nzz: 1\n',
    );
  });

  test('a comment goes with its key', () => {
    const text =
      'writ: flow/v1\n# how long\nlifecycle: # life\n  # twice\n  renewable: true\n# who\nowner: user:a # ana\n';
    expect(formatFlow(text)).toBe(
      'writ: flow/v1\n# who\nowner: user:a # ana\n# how long\nlifecycle:\n  # life\n  # twice\n  renewable: true\n',
    );
  });

  test('other files keep the order of their keys', () => {
    expect(formatFlow('groups:   [{id: group:a, members: [ user:b ]}]\nwrit: groups/v1\n')).toBe(
      'groups: [{ id: group:a, members: [user:b] }]\nwrit: groups/v1\n',
    );
  });

  test('brackets that do not fit into a line are spread, and rules always are', () => {
    const long = `policy:\n  permit: [{ id: a, when: "true" }]\nwrit: flow/v1\nrequest: { scopes: { subset-of: [${'x'.repeat(50)}, ${'y'.repeat(50)}] } }\n`;
    expect(formatFlow(long).split('\n')).toEqual([
      'writ: flow/v1',
      'request:',
      '  scopes:',
      '    subset-of:',
      `      - ${'x'.repeat(50)}`,
      `      - ${'y'.repeat(50)}`,
      'policy:',
      '  permit:',
      '    - id: a',
      "      when: 'true'",
      '',
    ]);
  });

  const rule = (when: string): string => `writ: flow/v1\napproval:\n  - id: a\n    when: ${when}\n`;
  test.each([
    ['request.a == "b"', '\'request.a == "b"\''],
    ["'!request.a'", "'!request.a'"],
    ['"[1].contains(request.a)"', "'[1].contains(request.a)'"],
    ['"request.a == \\"it\'s\\""', '|-\n      request.a == "it\'s"'],
    ['>-\n      request.a\n      && request.b', "'request.a && request.b'"],
    ['|\n      request.a\n      && request.b\n', '|-\n      request.a\n      && request.b'],
    ["''", "''"],
    ['"request.a == \\"\\r\\""', '"request.a == \\"\\r\\""'],
  ])('an expression is quoted so that YAML reads nothing into it: %s', (written, formatted) => {
    expect(formatFlow(rule(written))).toBe(rule(formatted));
  });

  test('an expression of 100 characters is quoted, of 101 a block', () => {
    const of = (length: number): string =>
      formatFlow(rule(`request.${'a'.repeat(length - 'request.'.length)}`));
    expect(of(100)).toMatch(/when: 'request\.a{92}'\n$/);
    expect(of(101)).toMatch(/when: \|-\n {6}request\.a{93}\n$/);
  });

  test('what is no text stays what it is: the loader says what is wrong with it', () => {
    expect(formatFlow(rule('true'))).toBe(rule('true'));
  });

  test.each([
    ['a: [', /^1:\d+: flow sequence/],
    ['a: &x 1', /anchors are not allowed/],
    ['a: 1\na: 2', /stands here twice/],
    ['', /the file is empty/],
  ])('%j is refused as malformed, with its place', (text, message) => {
    expect(() => formatFlow(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
    expect(() => formatFlow(text)).toThrow(message);
  });

  test('Windows line ends and a byte order mark become plain', () => {
    expect(formatFlow('\uFEFFwrit: flow/v1\r\nflow: a # c\r\n')).toBe('writ: flow/v1\nflow: a # c\n');
  });

  /** Layout that means nothing, and comments, put where they may stand. */
  const noise = fc.array(
    fc.record({
      line: fc.nat(120),
      put: fc.constantFrom('# note', '', '  # far', '# a: b', '#', '\n\n', "# it's"),
    }),
    { maxLength: 6 },
  );
  test.each(['ci-deploy', 'agent-tool', 'device', 'integration'])(
    '%s: whatever blank lines and comments an author adds, formatting keeps the hash and is done after once',
    (name) => {
      const { flow: original } = compileText(flow(name));
      fc.assert(
        fc.property(noise, (added) => {
          const lines = flow(name).split('\n');
          for (const { line, put } of added) lines.splice(Math.min(line, lines.length), 0, put);
          const text = lines.join('\n');
          const before = compileText(text);
          fc.pre(before.flow !== null && before.flow.hash === original?.hash);
          const once = formatFlow(text);
          expect(compileText(once).flow?.hash).toBe(original?.hash);
          expect(formatFlow(once)).toBe(once);
        }),
        { numRuns: 40 },
      );
    },
  );

  test('whatever characters are changed, a flow that loads is formatted into one with its hash', () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      drop: fc.nat(3),
      put: fc.constantFrom('', ' ', '\n', '"', "'", '#', '# ', '{', '}', '-', ': ', 'x', '|'),
    });
    let formatted = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...ACME_FLOWS),
        fc.array(edit, { minLength: 1, maxLength: 2 }),
        ({ text }, edits) => {
          const changed = edits.reduce((now, { at, drop, put }) => {
            const offset = Math.floor(at * now.length);
            return now.slice(0, offset) + put + now.slice(offset + drop);
          }, text);
          const before = compileText(changed);
          if (before.flow === null) return;
          formatted++;
          const once = formatFlow(changed);
          expect(compileText(once).flow?.hash).toBe(before.flow.hash);
          expect(formatFlow(once)).toBe(once);
        },
      ),
      { numRuns: 600 },
    );
    expect(formatted).toBeGreaterThan(10);
  });
});
