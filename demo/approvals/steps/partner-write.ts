import { must } from '../../expect.ts';
import { refusedBy } from '../answers.ts';
import { NORTHWIND, requestFor } from '../asking.ts';
import type { ApprovalStep } from '../step.ts';

export const partnerWrite: ApprovalStep = {
  name: 'partner-write',
  must: 'a third party writes nothing',
  run: async ({ person }) => {
    const wish = { ...NORTHWIND, scopes: ['invoice:read', 'reports:write'] };
    const rules = refusedBy('writing', 403, await person('user:tom').post('/runs', requestFor(wish)));
    must('the rule', 'policy.forbid.partners-read-only', rules[0]);
    return {
      outcome: 'refused',
      detail: `${NORTHWIND.name} is asked for with reports:write: nobody is even asked to approve it`,
      decidedBy: rules[0] ?? '',
    };
  },
};
