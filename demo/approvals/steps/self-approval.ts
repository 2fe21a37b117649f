import { must } from '../../expect.ts';
import { text } from '../../json.ts';
import { waiting } from '../answers.ts';
import { REPORTING, requestFor } from '../asking.ts';
import type { ApprovalStep } from '../step.ts';

/** Ana is of the group that is to own it. */
const HERS = { ...REPORTING, name: 'svc-of-ana', deputy: 'user:tom' };

export const selfApproval: ApprovalStep = {
  name: 'self-approval',
  must: 'not through a group either',
  run: async ({ person, own }) => {
    const ana = person('user:ana');
    const { run } = waiting('her own service', await ana.post('/runs', requestFor(HERS)));
    own.leave({ run });
    const { status, body } = await ana.approve(run, 'owner-accepts');
    must('the refusal', { status: 403, code: 'refused' }, { status, code: text(body, 'code') });
    waiting('afterwards', await ana.get(`/runs/${run}`));
    return {
      outcome: 'refused',
      detail: `${ana.id} asks for what ${HERS.owner} is to own, and is of it: she gets no challenge`,
      decidedBy: 'owner-accepts, not: requester',
    };
  },
};
