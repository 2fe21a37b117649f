import { must } from '../../expect.ts';
import { refusedBy } from '../answers.ts';
import { REPORTING, requestFor } from '../asking.ts';
import { GUARDRAIL } from '../installation.ts';
import type { ApprovalStep } from '../step.ts';

/** Within what the flow allows (365 days), and beyond what the guardrail does (180). */
const DAYS = 300;

export const guardrail: ApprovalStep = {
  name: 'guardrail',
  must: 'no flow exceeds it',
  run: async ({ person }) => {
    const long = { ...REPORTING, name: 'svc-forever', days: DAYS };
    const rules = refusedBy('a long life', 403, await person('user:rui').post('/runs', requestFor(long)));
    must('the rule', [`guardrail.${GUARDRAIL}`], rules);
    return {
      outcome: 'refused',
      detail: `${DAYS} days: the flow would allow 365, a guardrail of the organisation 180`,
      decidedBy: rules[0] ?? '',
    };
  },
};
