import { must } from '../../expect.ts';
import { discover } from '../../runner.ts';
import type { ApprovalStep } from '../step.ts';

export const start: ApprovalStep = {
  name: 'start',
  must: 'it serves, on a fresh file',
  run: async ({ writ, canary, server }) => {
    await writ.start();
    const as = server.leave(await discover(writ.url, canary));
    must(
      'client_credentials among the grants',
      true,
      as.grant_types_supported?.includes('client_credentials'),
    );
    const methods = as.token_endpoint_auth_methods_supported;
    must('private_key_jwt among the authentications', true, methods?.includes('private_key_jwt'));
    return {
      outcome: 'serving',
      detail:
        'Writ serves a copy of examples/acme; identity provider, agents and fact sources answer over HTTP',
      decidedBy: '/readyz, RFC 8414',
    };
  },
};
