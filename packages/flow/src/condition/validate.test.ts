import { describe, expect, test } from 'vitest';
import { ACME_FLOWS, compileText } from '../artefact/acme.test.ts';

const CI = ACME_FLOWS.find(({ path }) => path.includes('ci-deploy'))!.text;
const WHEN = 'when: request.target == "production"\n';
const line = CI.slice(0, CI.indexOf(WHEN)).split('\n').length;

/** What is said of a condition put, as YAML, where the first permit of the flow has its own; the line left out. */
function said(yaml: string): readonly string[] {
  return compileText(CI.replace(WHEN, () => `when: ${yaml}\n`)).problems.map((problem) => {
    const [, at = '', column = '', message = ''] = /^f\.yaml:(\d+):(\d+): (.*)$/s.exec(problem) ?? [];
    return `${at === String(line) ? '' : `line ${Number(at) - line}, `}${column}: ${message}`;
  });
}
/** The column of a word in a condition that starts at column 13. */
const column = (condition: string, word: string): number => 13 + condition.indexOf(word);

describe('a mistake in a condition is shown where it stands in the YAML', () => {
  test('nothing is said of a sound one', () => expect(said('request.target == "production"')).toEqual([]));

  test.each([
    ['request.targt == "a"', 'request.targt', 'attribute `request.targt` not found; did you mean `target`?'],
    [
      'true && facts.change_windw == "open"',
      'facts',
      'attribute `facts.change_windw` not found; did you mean `change_window`?',
    ],
    [
      'evidence.github.repositry == "a"',
      'evidence',
      'attribute `evidence.github.repositry` not found; did you mean `repository`?',
    ],
    [
      'evidence.gitlab.ref == "a"',
      'evidence',
      'attribute `evidence.gitlab` not found; did you mean `github`?',
    ],
    ['identity.ownr == "a"', 'identity', 'attribute `identity.ownr` not found; did you mean `owner`?'],
    [
      'evidence.github.ref_type == "tag"',
      'evidence',
      "unable to guarantee safety of access to optional attribute `evidence.github.ref_type`; try testing for the attribute's presence with `evidence.github has ref_type && ..`",
    ],
    [
      'identity.serial == "a"',
      'identity',
      "unable to guarantee safety of access to optional attribute `identity.serial`; try testing for the attribute's presence with `identity has serial && ..`",
    ],
    [
      'request.scopes.contains(1)',
      'request',
      'the types Long and String are not compatible; elements of the first operand and the second operand to a `contains` expression must have compatible types. Types must be exactly equal to be compatible',
    ],
    ['request.ttl < 600', 'request', 'unexpected type: expected Long but saw duration'],
    ['request.ttl < duration("15 minutes")', '15 minutes', '`15 minutes` is not a duration'],
    ['request.target', 'request', 'unexpected type: expected Bool but saw String'],
    ['request.target == "a" &&', '', 'the condition ends too early'],
    [
      'principal == request.target',
      'principal',
      '`principal` is not known here; a condition starts from request, identity, evidence, facts',
    ],
    ['true } unless { false', '}', '`}` has no place in a condition'],
    ['identity.expires.toDate() == identity.expires', 'toDate', '`toDate` is outside the condition language'],
    ['request.scopes.size() == 1', 'request', '`size` is not a valid method'],
    ['identity.revision < 9007199254740993', '', 'whole numbers must be within ±(2^53−1)'],
    [
      'identity.owner has x',
      'identity',
      'unexpected type: expected a record but saw String; try using `like` to examine the contents of a string',
    ],
    [
      'request.target like identity.uri',
      'identity',
      'right hand side of a `like` expression must be a pattern literal, but got `identity.uri`',
    ],
    ['request.scopes == []', '[]', 'empty set literals are forbidden in policies'],
  ])('S3.10 plain: %s', (condition, word, message) => {
    const found = said(condition.includes('}') || condition.includes('[]') ? `'${condition}'` : condition);
    const quoted = condition.includes('}') || condition.includes('[]') ? 1 : 0;
    const at = word === '' ? '' : `${column(condition, word) + quoted}: `;
    expect(found.some((each) => each.startsWith(at) && each.endsWith(message))).toBe(true);
  });

  test('in single quotes, in double quotes, in a block of one line, and behind characters of two units', () => {
    const message = 'attribute `request.targt` not found; did you mean `target`?';
    expect(said('\'true && request.targt == "a"\'')).toEqual([`22: ${message}`]);
    expect(said('"true && request.targt like identity.uri"')[0]).toMatch(/^\d+: right hand side/);
    expect(said('|-\n        true && request.targt == "a"')).toEqual([`line 1, 17: ${message}`]);
    expect(said('request.target == "\u{1F600}é" && request.targt == "a"')).toEqual([`40: ${message}`]);
  });

  test('where characters cannot be mapped, at the beginning of the text', () => {
    const message = 'attribute `request.targt` not found; did you mean `target`?';
    expect(said('"request.targt == \\"a\\""')).toEqual([`13: ${message}`]);
    expect(said('>-\n        true &&\n        request.targt == "a"')).toEqual([`13: ${message}`]);
  });

  test('W014 what can never hold, and scripts that mix, are warnings, and the flow loads', () => {
    expect(said('"false"')).toEqual([
      '13: warning: policy is impossible: the policy expression evaluates to false for all valid requests'.replace(
        '13',
        '14',
      ),
    ]);
    expect(said('request.target == "dрop"')[0]).toMatch(
      /^31: warning: string `"dрop"` contains mixed scripts$/,
    );
    expect(compileText(CI.replace(WHEN, 'when: "false"\n')).flow).not.toBeNull();
  });

  test('what is no text is no condition', () => {
    expect(said('true')).toEqual(['13: expected an expression as text (quote it), found `true`']);
    expect(said('["a"].contains(request.target)')[0]).toMatch(/^\d+: /);
    expect(said('!request.target')[0]).toMatch(/unresolved tag/);
    expect(said('""')).toEqual(['14: `when` condition clause cannot be empty']);
  });

  test('F14 a condition has at most 8192 characters', () => {
    const long = (length: number): string => `"${' '.repeat(length - 4)}true"`;
    expect(said(long(8_192))).toEqual([]);
    expect(said(long(8_193))).toEqual(['13: the condition has more than 8192 characters']);
  });

  test('all conditions of a flow are checked in one go', () => {
    const broken = CI.replaceAll('request.target', 'request.targt').replace(
      'evidence.github.event_name',
      'evidence.github.event',
    );
    const { flow, problems } = compileText(broken);
    expect(flow).toBeNull();
    expect(problems).toHaveLength(4);
    expect(new Set(problems.map((problem) => problem.split(':')[1])).size).toBe(4);
  });

  test('F14 no condition spoils the parser for those after it', () => {
    const hostile = [
      `request${'.a'.repeat(4_000)}`,
      `${'if true then true else '.repeat(340)}true`,
      '('.repeat(8_000),
      `request${'["a"]'.repeat(1_600)}`,
      `request.scopes${'.isEmpty()'.repeat(800)}`,
      `${'(true && '.repeat(800)}true${')'.repeat(800)}`,
      `${'duration('.repeat(500)}"1h"${')'.repeat(500)}`,
      `true${'&&true'.repeat(1_300)}`,
      `request${' has a'.repeat(1_300)}`,
      `request has a${'.a'.repeat(4_000)}`,
      `[${'"a",'.repeat(2_000)}"b"].contains(request.target)`,
      `request.target like "${'*'.repeat(8_000)}"`,
      `true${'==true'.repeat(1_300)}`,
      `${'-'.repeat(8_000)}1 == 1`,
    ];
    for (const condition of hostile) expect(() => said(`'${condition}'`)).not.toThrow();
    expect(said('request.target == "production"')).toEqual([]);
  });
});
