import { must } from '../../expect.ts';
import { text } from '../../json.ts';
import { waiting } from '../answers.ts';
import { ARCHIVE, requestFor } from '../asking.ts';
import type { ApprovalStep } from '../step.ts';

export const denied: ApprovalStep = {
  name: 'denied',
  must: 'one no ends it',
  run: async ({ person }) => {
    const [rui, mei, ida] = [person('user:rui'), person('user:mei'), person('user:ida')];
    const wish = requestFor({ ...ARCHIVE, name: 'svc-denied' });
    const { run } = waiting('the service account', await rui.post('/runs', wish));
    waiting('after its owner', await mei.approve(run, 'owner-accepts'));
    const no = { rule: 'security-review', reason: 'the archive has a service already' };
    const answer = await ida.post(`/runs/${run}/deny`, no);
    must(
      'the run',
      { status: 200, state: 'denied' },
      { status: answer.status, state: text(answer.body, 'state') },
    );
    must('an approval afterwards', 409, (await ida.approve(run, 'security-review')).status);
    must('an identity', 404, (await rui.get('/identities/svc-denied')).status);
    return {
      outcome: 'denied',
      detail: `its owner had agreed; ${ida.id} denies, without a passkey, and nobody's approval helps any more`,
      decidedBy: 'security-review',
    };
  },
};
