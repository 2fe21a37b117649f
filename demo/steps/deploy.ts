import { must } from '../expect.ts';
import type { Step } from '../step.ts';

export const deploy: Step = {
  name: 'deploy',
  must: 'the API accepts it',
  run: async ({ deployApi, release }) => {
    const { runner, granted } = release.take();
    const { status, said } = await runner.call(deployApi.url, granted.token);
    must(
      'the deploy API',
      { status: 200, deployed: true },
      { status, deployed: said.includes('"deployed":true') },
    );
    return {
      outcome: 'deployed',
      detail:
        'the deploy API checks token and proof with jose and the public keys; it asks Writ nothing else',
      decidedBy: 'at+jwt, aud, cnf.jkt',
    };
  },
};
