import { decodeJwt } from 'jose';
import { must } from '../../expect.ts';
import { text } from '../../json.ts';
import { issued } from '../../steps/issued.ts';
import { REPORTING, REPORTS } from '../asking.ts';
import type { ApprovalStep } from '../step.ts';

export const serviceToken: ApprovalStep = {
  name: 'service-token',
  must: 'a token, bound to its key',
  run: async ({ server, reporting, granted }) => {
    const { service } = reporting.take();
    const got = issued(
      'the token',
      await service.token(server.take(), { resource: REPORTS, scope: 'reports:read' }),
    );
    granted.push(got);
    const { token, scope, expiresIn, index } = got;
    const claims = decodeJwt(token);
    must('whose it is', REPORTING.name, claims['client_id']);
    must('what it is for', REPORTS, claims.aud);
    must('the key it is bound to', service.thumbprint, text(claims, 'cnf', 'jkt'));
    must('scope and life', { scope: 'reports:read', expiresIn: 600 }, { scope, expiresIn });
    return {
      outcome: 'issued',
      detail: `${REPORTING.name} proves itself by the key that was registered: ${scope}, ${expiresIn} s, DPoP, ledger #${index}`,
      decidedBy: 'private_key_jwt, flow service-token',
    };
  },
};
