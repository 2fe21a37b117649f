import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rewrite } from './rewrite.ts';

const cedar = (text: string): string | null => {
  const rewritten = rewrite(text);
  return 'cedar' in rewritten ? rewritten.cedar : null;
};
const refusal = (text: string): string => {
  const rewritten = rewrite(text);
  return 'message' in rewritten ? `${rewritten.at}: ${rewritten.message}` : `accepted ${rewritten.cedar}`;
};

describe('rewrite', () => {
  test.each([
    ['request.a == "b"', 'context.request.a == "b"'],
    ['identity.a&&facts.b', 'context.identity.a&&context.facts.b'],
    [
      'evidence has github && evidence.github.ref like "a*"',
      'context.evidence has github && context.evidence.github.ref like "a*"',
    ],
    ['request.request', 'context.request.request'],
    ['request has facts', 'context.request has facts'],
    ['request["facts"]', 'context.request["facts"]'],
    ['"request" == request.a', '"request" == context.request.a'],
    ['"\\"request" == request.a', '"\\"request" == context.request.a'],
    ['request . a', 'context.request . a'],
    ['[1, -2].contains(request.a)', '[1, -2].contains(context.request.a)'],
    ['if request.a then 1 < 2 else - 3 > 4', 'if context.request.a then 1 < 2 else - 3 > 4'],
    [
      'request.d < duration("1h") && request.t > datetime ("2024-01-01")',
      'context.request.d < duration("1h") && context.request.t > datetime ("2024-01-01")',
    ],
    ['"// { } ; /* */ principal" == request.a', '"// { } ; /* */ principal" == context.request.a'],
    [
      '"((((((((((((((((((((((((((((((((((((((" == request.a',
      '"((((((((((((((((((((((((((((((((((((((" == context.request.a',
    ],
    ['"-------!!!!!!" == request.a', '"-------!!!!!!" == context.request.a'],
    ['', ''],
  ])('%s', (text, expected) => expect(cedar(text)).toBe(expected));

  const ROOTS = 'a condition starts from request, identity, evidence, facts';
  test.each([
    ['true } unless { false', '5: `}` has no place in a condition'],
    ['true }; permit(principal, action, resource', '5: `}` has no place in a condition'],
    ['true;', '4: `;` has no place in a condition'],
    ['{"a": 1} == request', '0: `{` has no place in a condition'],
    ['true // request', '5: `/` has no place in a condition'],
    ['true /* x */', '5: `/` has no place in a condition'],
    ['@id("x") true', '0: `@` has no place in a condition'],
    ['?principal == request', '0: `?` has no place in a condition'],
    ['request.a + 1 == 2', '10: `+` has no place in a condition'],
    ['request.a * 2 == 2', '10: `*` has no place in a condition'],
    ['request.a % 2 == 1', '10: `%` has no place in a condition'],
    ['request.a - 1 == 2', '10: `-` has no place in a condition, except before a number'],
    ['request.a -1 == 2', '10: `-` has no place in a condition, except before a number'],
    ['request["a"]-1 == 2', '12: `-` has no place in a condition, except before a number'],
    ['"a"-1', '3: `-` has no place in a condition, except before a number'],
    ['2-1', '1: `-` has no place in a condition, except before a number'],
    ['-request.a == 1', '0: `-` has no place in a condition, except before a number'],
    ['--1 == 1', '0: `-` has no place in a condition, except before a number'],
    ['request.a = 1', '10: `=` has no place in a condition'],
    ['request.a & request.b', '10: `&` has no place in a condition'],
    ['request.a | request.b', '10: `|` has no place in a condition'],
    ["request.a == 'b'", "13: `'` has no place in a condition"],
    ['request.a == `b`', '13: ``` has no place in a condition'],
    ['Writ::"x" == request.a', `0: \`Writ\` is not known here; ${ROOTS}`],
    ['request::a', '7: `:` has no place in a condition'],
    ['principal == request.a', `0: \`principal\` is not known here; ${ROOTS}`],
    ['action == request.a', `0: \`action\` is not known here; ${ROOTS}`],
    ['resource == request.a', `0: \`resource\` is not known here; ${ROOTS}`],
    ['context.request.a', `0: \`context\` is not known here; ${ROOTS}`],
    ['request.a in request.b', `10: \`in\` is not known here; ${ROOTS}`],
    ['request.a is Writ', `10: \`is\` is not known here; ${ROOTS}`],
    ['unless', `0: \`unless\` is not known here; ${ROOTS}`],
    ['when', `0: \`when\` is not known here; ${ROOTS}`],
    ['ip("192.0.2.1") == request.a', `0: \`ip\` is not known here; ${ROOTS}`],
    ['duration == request.a', `0: \`duration\` is not known here; ${ROOTS}`],
    ['foo("a")', `0: \`foo\` is not known here; ${ROOTS}`],
    ['Request.a', `0: \`Request\` is not known here; ${ROOTS}`],
    ['rеquest.a', `0: \`r\` is not known here; ${ROOTS}`],
    ['request.a == "b', '13: this text has no closing quote'],
    ['request.a == "b\\"', '13: this text has no closing quote'],
    ['request.a == "\ud800"', '0: the condition holds half a surrogate pair'],
    ['true\0', '4: `\0` has no place in a condition'],
    ['\u{1F600}', '0: `\u{1F600}` has no place in a condition'],
    ['request.\u0430', '8: `\u0430` has no place in a condition'],
    ['#', '0: `#` has no place in a condition'],
    ['$a', '0: `$` has no place in a condition'],
    ['~request.a', '0: `~` has no place in a condition'],
    ['request.a <> 1', 'accepted context.request.a <> 1'],
  ])('S3.14 nothing leaves the clause it is put into: %s', (text, message) =>
    expect(refusal(text)).toBe(message),
  );

  test.each([
    ['brackets', (n: number) => `${'('.repeat(n)}true${')'.repeat(n)}`, 32],
    ['lists', (n: number) => `${'['.repeat(n)}true${']'.repeat(n)}`, 32],
    ['attributes', (n: number) => `request${'.a'.repeat(n)}`, 64],
    ['indexed attributes', (n: number) => `request${'["a"]'.repeat(n)}`, 64],
    ['if in if', (n: number) => `${'if true then true else '.repeat(n)}true`, 32],
    ['negations', (n: number) => `${'!'.repeat(n)}true`, 4],
    ['negations with spaces', (n: number) => `${'! '.repeat(n)}true`, 4],
  ])('F14 %s are bounded, before Cedar is asked', (_, of, most) => {
    expect(refusal(of(most))).toMatch(/^accepted/);
    expect(refusal(of(most + 1))).toMatch(/: the condition is nested too deep$/);
  });

  test('F14 a long condition of shallow clauses is none', () => {
    expect(cedar(Array.from({ length: 300 }, () => '!request.a').join(' && '))).not.toBeNull();
    expect(
      cedar(`[${Array.from({ length: 1_000 }, () => '"a"').join(', ')}].contains(request.a)`),
    ).not.toBeNull();
  });

  test('offsets of the rewritten text lead back to the same characters', () => {
    const part = fc.constantFrom(
      'request',
      'facts.a',
      ' && ',
      '"\u{1F600} request"',
      ' == ',
      '!',
      '(',
      ')',
      'identity has facts',
      '\n',
      '1',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const text = parts.join(' ');
        const rewritten = rewrite(text);
        fc.pre('cedar' in rewritten);
        const { cedar: out, original } = rewritten;
        expect(out.replaceAll(/context\.(?=(?:request|facts|identity)\b)/g, '')).toBe(
          text.replaceAll(/context\.(?=(?:request|facts|identity)\b)/g, ''),
        );
        for (let at = 0; at < out.length; at++) {
          const back = original(at);
          const inserted = 'context.'.length;
          const within = Array.from({ length: inserted }, (_, i) =>
            out.startsWith('context.', at - i),
          ).includes(true);
          expect(within || out[at] === text[back]).toBe(true);
          expect(back).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });
});
