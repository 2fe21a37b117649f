import { must } from '../../expect.ts';
import { list, text } from '../../json.ts';
import { waiting } from '../answers.ts';
import { ARCHIVE, requestFor } from '../asking.ts';
import type { ApprovalStep } from '../step.ts';

export const otherContent: ApprovalStep = {
  name: 'other-content',
  must: 'the approval counts for nothing',
  run: async ({ person, half }) => {
    const { run: before } = half.take();
    const [rui, mei, ida] = [person('user:rui'), person('user:mei'), person('user:ida')];
    const more = { ...ARCHIVE, scopes: ['reports:read', 'reports:write'] };
    const { run, rules } = waiting('with one scope more', await rui.post('/runs', requestFor(more)));
    must('the run is another one', true, run !== before);
    must('who is asked', ['owner-accepts', 'security-review'], rules);

    // Ida signs the first run; her assertion is sent to the second.
    const { body: asked } = await ida.post(`/runs/${run}/challenge`, {
      rule: 'security-review',
      decision: 'approve',
    });
    const assertion = await ida.assertion(before, 'security-review');
    const stolen = { rule: 'security-review', nonce: text(asked, 'nonce'), assertion };
    const { status, body } = await ida.post(`/runs/${run}/approve`, stolen);
    must(
      'a signature over the first plan',
      { status: 422, code: 'not-signed' },
      { status, code: text(body, 'code') },
    );
    const { body: view } = await mei.get(`/runs/${run}`);
    must('approvals of the second', [], list(view, 'approvals'));
    return {
      outcome: 'waiting',
      detail:
        'asked with reports:write: another plan, that nobody agreed to, and no signature over the first fits',
      decidedBy: 'the plan digest',
    };
  },
};
