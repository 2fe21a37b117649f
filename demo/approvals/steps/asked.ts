import { must } from '../../expect.ts';
import { refused } from '../../steps/refused.ts';
import { waiting } from '../answers.ts';
import { REPORTING, REPORTS, requestFor } from '../asking.ts';
import { createService } from '../service.ts';
import type { ApprovalStep } from '../step.ts';

export const asked: ApprovalStep = {
  name: 'asked',
  must: 'it waits, and gets no token yet',
  run: async ({ canary, person, server, reporting }) => {
    const service = await createService(REPORTING.name, canary);
    const wish = requestFor({ ...REPORTING, keys: [service.publicJwk] });
    const { run, rules } = waiting('the service account', await person('user:rui').post('/runs', wish));
    must('who is asked', ['owner-accepts'], rules);
    const early = await service.token(server.take(), { resource: REPORTS, scope: 'reports:read' });
    must('the token endpoint meanwhile', 'invalid_client', refused('the service', early).error);
    reporting.leave({ service, run });
    return {
      outcome: 'waiting',
      detail:
        'with owner, purpose, end, scope and public key; until the owner agrees, /token knows no such client',
      decidedBy: rules.join(', '),
    };
  },
};
