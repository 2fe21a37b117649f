import { must } from '../../expect.ts';
import { issued } from '../../steps/issued.ts';
import { refused } from '../../steps/refused.ts';
import { BILLING, REPORTS } from '../asking.ts';
import type { ApprovalStep } from '../step.ts';

export const partnerToken: ApprovalStep = {
  name: 'partner-token',
  must: 'that, and nothing more',
  run: async ({ server, northwind, granted }) => {
    const as = server.take();
    const service = northwind.take();
    const got = issued('the token', await service.token(as, { resource: BILLING, scope: 'invoice:read' }));
    granted.push(got);
    must('its scope', 'invoice:read', got.scope);
    const more = await service.token(as, { resource: BILLING, scope: 'invoice:read reports:read' });
    must('one scope more', 'invalid_scope', refused('one scope more', more).error);
    const elsewhere = await service.token(as, { resource: REPORTS, scope: 'reports:read' });
    must('another API', 'invalid_client', refused('another API', elsewhere).error);
    return {
      outcome: 'issued',
      detail: 'invoice:read for the billing API; one scope more, or another API: refused',
      decidedBy: 'right.partner-reads-invoices',
    };
  },
};
