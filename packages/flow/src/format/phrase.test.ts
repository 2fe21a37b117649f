import { describe, expect, test } from 'vitest';
import { ACME_FLOWS, compileText } from '../artefact/acme.test.ts';
import { phrase } from './phrase.ts';

const CI = ACME_FLOWS.find(({ path }) => path.includes('ci-deploy'))!.text;
/** The words for a condition, put in place of one of the flow's. */
function words(condition: string): string {
  const { flow, problems } = compileText(
    CI.replace('when: request.target == "staging"', () => `when: |-\n        ${condition}`),
  );
  if (flow === null) throw new Error(problems.join('\n'));
  return phrase(flow.definition.policy.permit[1]!.when.expression);
}

describe('phrase', () => {
  test.each([
    ['request.target == "staging"', 'request.target is "staging"'],
    ['request.target != "it\'s"', 'request.target is not "it\'s"'],
    ['identity.revision >= 3', 'identity.revision is at least 3'],
    ['identity.revision > -3', 'identity.revision is above -3'],
    ['request.ttl < duration("10m")', 'request.ttl is below 10m'],
    ['request.ttl <= duration("10m")', 'request.ttl is at most 10m'],
    ['identity.revision_reviewed', 'identity.revision_reviewed is true'],
    ['!identity.revision_reviewed', 'identity.revision_reviewed is false'],
    ['evidence.github has ref_type', 'evidence.github.ref_type is known'],
    ['!(evidence.github has ref_type)', 'evidence.github.ref_type is not known'],
    ['request.scopes.isEmpty()', 'request.scopes is empty'],
    ['!request.scopes.isEmpty()', 'request.scopes is not empty'],
    ['request.scopes.contains("a")', 'request.scopes includes "a"'],
    ['["a", "b"].contains(request.target)', '["a", "b"] includes request.target'],
    ['["a", "b"].containsAll(request.scopes)', 'request.scopes stays within ["a", "b"]'],
    ['request.scopes.containsAll(["a"])', 'request.scopes includes all of ["a"]'],
    ['request.scopes.containsAny(["a"])', 'request.scopes includes any of ["a"]'],
    ['evidence.github.ref like "a*b\\*c"', 'evidence.github.ref looks like "a*b\\*c"'],
    [
      'identity.uri == "a" && identity.kind == "b" && identity.owner == "c"',
      'identity.uri is "a" and identity.kind is "b" and identity.owner is "c"',
    ],
    [
      'identity.uri == "a" && (identity.kind == "b" || identity.owner == "c")',
      'identity.uri is "a" and (identity.kind is "b" or identity.owner is "c")',
    ],
    [
      'identity.uri == "a" && identity.kind == "b" || identity.owner == "c"',
      '(identity.uri is "a" and identity.kind is "b") or identity.owner is "c"',
    ],
    ['!(identity.uri == "a" || identity.kind == "b")', 'not (identity.uri is "a" or identity.kind is "b")'],
    [
      'if identity.revision_reviewed then identity.uri == "a" else identity.kind == "b"',
      'if identity.revision_reviewed is true then identity.uri is "a", else identity.kind is "b"',
    ],
    [
      '(if identity.revision_reviewed then "a" else "b") == identity.uri',
      '(if identity.revision_reviewed is true then "a", else "b") is identity.uri',
    ],
    [
      '(identity.uri == "a") == identity.revision_reviewed',
      '(identity.uri is "a") is identity.revision_reviewed',
    ],
    ['identity.uri == "\\" or true\\n"', 'identity.uri is "\\" or true\\n"'],
    ['true', 'always'],
    ['false', 'never'],
  ])('S3.10 %s', (condition, expected) => expect(words(condition)).toBe(expected));

  test('S3.10 conditions that differ in meaning differ in words', () => {
    const parts = ['identity.revision_reviewed', 'identity.previously_revoked', 'identity.uri == "a"'];
    const all = parts.flatMap((a) =>
      parts.flatMap((b) =>
        parts.flatMap((c) => [
          `${a} && (${b} || ${c})`,
          `(${a} && ${b}) || ${c}`,
          `!(${a} && ${b}) || ${c}`,
          `!(${a} && (${b} || ${c}))`,
        ]),
      ),
    );
    const phrased = new Map<string, string>();
    for (const condition of all) {
      const { flow } = compileText(
        CI.replace('when: request.target == "staging"', () => `when: '${condition}'`),
      );
      const { expression } = flow!.definition.policy.permit[1]!.when;
      const meaning = JSON.stringify(expression);
      const said = phrase(expression);
      expect([said, phrased.get(said) ?? meaning]).toEqual([said, meaning]);
      phrased.set(said, meaning);
    }
  });
});
