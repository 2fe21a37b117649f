import type { LintRule } from '../lint-rule.ts';

export const offboarding: LintRule = {
  id: 'W019',
  severity: 'error',
  title: 'a credential that outlives its owner',
  by: 'syntax',
  why: `Without \`owner.offboarded\` in \`revoke-on\` a credential goes on when nobody answers for it any more.`,
  help: 'add `owner.offboarded` to `lifecycle.revoke-on`',
  good: [
    'lifecycle: { renewable: false, max-lifetime: 5m, recover: none, revoke-on: [owner.offboarded, anchor.withdrawn] }',
  ],
  bad: ['lifecycle: { renewable: false, max-lifetime: 5m, recover: none, revoke-on: [anchor.withdrawn] }'],
  check: ({ definition }) =>
    definition.lifecycle.revokeOn.includes('owner.offboarded')
      ? []
      : [
          {
            rule: 'lifecycle.revoke-on',
            message: 'what was issued goes on when its owner has left',
          },
        ],
};
