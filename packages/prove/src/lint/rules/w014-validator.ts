import type { LintRule } from '../lint-rule.ts';

export const validator: LintRule = {
  id: 'W014',
  severity: 'error',
  title: 'a condition that Cedar warns of',
  by: 'syntax',
  why: `Cedar's validator warns of conditions that can never hold and of letters of several scripts in one text, which look like
others. Its errors, an optional fact read without \`has\` among them, are refused when the flow is loaded.`,
  help: 'mend the condition',
  good: [
    `approval:
  - id: write-review
    when: 'request.scopes.contains("artifacts:write") || identity.purpose == "production"'
    require: { from: group:security-reviewers }
    expires: 1h
    reuse: none`,
  ],
  bad: [
    `approval:
  - id: write-review
    when: 'request.scopes.contains("artifacts:write") || identity.purpose == "prоduction"' # a Cyrillic о
    require: { from: group:security-reviewers }
    expires: 1h
    reuse: none`,
  ],
  check: ({ warnings }) =>
    warnings.map(({ message, file, line, column }) => ({
      rule: 'flow',
      place: { file, line, column },
      message,
    })),
};
