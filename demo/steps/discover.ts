import { must } from '../expect.ts';
import { discover as discoverServer } from '../runner.ts';
import type { Step } from '../step.ts';

export const discover: Step = {
  name: 'discover',
  must: 'an OAuth client finds its way',
  run: async ({ writ, canary, server }) => {
    const as = server.leave(await discoverServer(writ.url, canary));
    must('the token endpoint', `${writ.url}/token`, as.token_endpoint);
    must('the keys', `${writ.url}/jwks`, as.jwks_uri);
    must('ES256 among the DPoP algorithms', true, as.dpop_signing_alg_values_supported?.includes('ES256'));
    return {
      outcome: 'discovered',
      detail: 'oauth4webapi finds endpoint, keys and DPoP algorithms from the issuer URL alone',
      decidedBy: 'RFC 8414',
    };
  },
};
