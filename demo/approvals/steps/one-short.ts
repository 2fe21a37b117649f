import { must } from '../../expect.ts';
import { waiting } from '../answers.ts';
import { ARCHIVE, requestFor } from '../asking.ts';
import type { ApprovalStep } from '../step.ts';

export const oneShort: ApprovalStep = {
  name: 'one-short',
  must: 'one of two is not two',
  run: async ({ person, half }) => {
    const [rui, mei, ida] = [person('user:rui'), person('user:mei'), person('user:ida')];
    const { run } = waiting('the service account', await rui.post('/runs', requestFor(ARCHIVE)));
    half.leave({ run });
    const { rules } = waiting('after its owner', await mei.approve(run, 'owner-accepts'));
    must('who is still asked', ['security-review'], rules);
    must('the same person once more', 403, (await mei.approve(run, 'owner-accepts')).status);
    must('the owner as the reviewer', 403, (await mei.approve(run, 'security-review')).status);
    must('a rule that asks others', 403, (await ida.approve(run, 'owner-accepts')).status);
    must('an identity', 404, (await rui.get(`/identities/${ARCHIVE.name}`)).status);
    return {
      outcome: 'waiting',
      detail: `${mei.id} approved for its owner, and counts once: security has not, so nothing is registered`,
      decidedBy: rules.join(', '),
    };
  },
};
