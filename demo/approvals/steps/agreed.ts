import { must, Unexpected } from '../../expect.ts';
import { list, member, text } from '../../json.ts';
import { registered } from '../answers.ts';
import { REPORTING } from '../asking.ts';
import type { ApprovalStep } from '../step.ts';

export const agreed: ApprovalStep = {
  name: 'agreed',
  must: 'registered, with owner and end',
  run: async ({ person, reporting }) => {
    const { run } = reporting.take();
    const mei = person('user:mei');
    const inbox = list((await mei.get('/inbox')).body, 'items').map((item) => text(item, 'run'));
    must('the run in her inbox', true, inbox.includes(run));
    const answer = await mei.approve(run, 'owner-accepts');
    registered('the service account', answer);
    const [approval] = list(answer.body, 'approvals');
    must('who approved', mei.id, text(approval, 'person'));

    const { body } = await mei.get(`/identities/${REPORTING.name}`);
    const { owner, purpose } = REPORTING;
    must(
      'owner and purpose',
      { owner, purpose },
      { owner: text(body, 'owner'), purpose: text(body, 'purpose') },
    );
    must('what it may hold', REPORTING.scopes, list(body, 'entitlement', 'scopes'));
    const days = Math.round((Date.parse(text(body, 'expires')) - Date.now()) / 86_400_000);
    must('the days it lives', REPORTING.days, days);
    if (text(body, 'reviewDue') === '') throw new Unexpected('its review', 'a date', 'none');
    return {
      outcome: 'registered',
      detail: `${mei.id} of ${owner} agrees with a passkey over the plan; ledger #${String(member(approval, 'index'))}`,
      decidedBy: 'approval.owner-accepts',
    };
  },
};
