import { must } from '../../expect.ts';
import { member } from '../../json.ts';
import { registered, waiting } from '../answers.ts';
import { requestFor, TRIAGE } from '../asking.ts';
import type { ApprovalStep } from '../step.ts';

export const agent: ApprovalStep = {
  name: 'agent',
  must: 'owner and reviewer agree',
  run: async ({ person }) => {
    const [rui, ana, mei] = [person('user:rui'), person('user:ana'), person('user:mei')];
    const { attributes: _, ...boundless } = TRIAGE;
    must('an agent without a task', 400, (await rui.post('/runs', requestFor(boundless))).status);
    const { run, rules } = waiting('the agent', await rui.post('/runs', requestFor(TRIAGE)));
    must('who is asked', ['owner-accepts', 'security-review'], rules);
    waiting('after its owner alone', await ana.approve(run, 'owner-accepts'));
    must('its owner as the reviewer', 403, (await person('user:tom').approve(run, 'security-review')).status);
    registered('the agent', await mei.approve(run, 'security-review'));
    const { body } = await rui.get(`/identities/${TRIAGE.name}`);
    must('that it was reviewed', true, member(body, 'revisionReviewed'));
    must('its limits', TRIAGE.attributes, member(body, 'attributes'));
    return {
      outcome: 'registered',
      detail: `${TRIAGE.name} with task, data sets and commands: ${ana.id} for its owner, ${mei.id} for security`,
      decidedBy: rules.map((rule) => `approval.${rule}`).join(', '),
    };
  },
};
