import { must } from '../../expect.ts';
import { list } from '../../json.ts';
import { registered, waiting } from '../answers.ts';
import { NORTHWIND, requestFor } from '../asking.ts';
import { createService } from '../service.ts';
import type { ApprovalStep } from '../step.ts';

export const partner: ApprovalStep = {
  name: 'partner',
  must: 'registered, with the least',
  run: async ({ canary, person, northwind }) => {
    const service = northwind.leave(await createService(NORTHWIND.name, canary));
    const [tom, rui, mei] = [person('user:tom'), person('user:rui'), person('user:mei')];
    const wish = requestFor({ ...NORTHWIND, keys: [service.publicJwk] });
    const { run, rules } = waiting('the partner', await tom.post('/runs', wish));
    must('who is asked', ['owner-accepts', 'security-review'], rules);
    waiting('after its reviewer alone', await mei.approve(run, 'security-review'));
    registered('the partner', await rui.approve(run, 'owner-accepts'));
    const { body } = await rui.get(`/identities/${NORTHWIND.name}`);
    must('what it may hold', NORTHWIND.scopes, list(body, 'entitlement', 'scopes'));
    return {
      outcome: 'registered',
      detail: `partner, contact, egress on record; invoice:read: ${rui.id} for its owner, ${mei.id} for security`,
      decidedBy: rules.map((rule) => `approval.${rule}`).join(', '),
    };
  },
};
