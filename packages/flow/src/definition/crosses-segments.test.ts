import { expect, test } from 'vitest';
import { ACME_FLOWS, compileText } from '../artefact/acme.test.ts';

const text = ACME_FLOWS.find(({ path }) => path.includes('ci-deploy-token'))?.text ?? '';

function saying(where: string, what: string): ReturnType<typeof compileText> {
  return compileText(text.replace(where, `${where}\n      ${what}`));
}

test.each([
  ['permit', '- id: release-to-staging'],
  ['forbid', '- id: base-code-for-a-fork'],
])('a %s says that its `*` crosses `/`, and without a word it does not', (kind, where) => {
  const { flow, problems } = saying(where, 'crosses-segments: true');
  expect(problems).toEqual([]);
  const { permit, forbid } = flow!.definition.policy;
  const rules = kind === 'permit' ? permit : forbid;
  expect(rules.filter(({ crossesSegments }) => crossesSegments)).toHaveLength(1);
  expect(flow!.hash).not.toBe(compileText(text).flow!.hash);
});

test('an approval says it too; anything but true and false is a mistake', () => {
  const where = '  - id: out-of-hours';
  const { flow } = compileText(text.replace(where, `${where}\n    crosses-segments: true`));
  expect(flow!.definition.approval.map(({ crossesSegments }) => crossesSegments)).toEqual([true]);
  expect(saying('- id: release-to-staging', 'crosses-segments: yes').problems[0]).toContain(
    'expected true or false, found `yes`',
  );
});
