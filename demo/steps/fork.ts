import { GITHUB_CLAIMS_OF_FORK } from '@writ/testkit';
import { must } from '../expect.ts';
import { createRunner } from '../runner.ts';
import { DEPLOYING } from '../scene.ts';
import type { Step } from '../step.ts';
import { refused } from './refused.ts';

export const fork: Step = {
  name: 'fork',
  must: 'refused, and the claim named',
  run: async ({ canary, github, server }) => {
    const runner = await createRunner(server.take(), canary);
    const answer = refused('the fork', await runner.exchange(github.sign(GITHUB_CLAIMS_OF_FORK), DEPLOYING));
    const { error, rule, claims, body } = answer;
    must('the refusal', { error: 'invalid_grant', rule: 'proof.github.ref' }, { error, rule });
    must('the claim and its own value', { claim: 'ref', value: 'refs/pull/3/merge' }, claims[0]);
    must('the value that would have been accepted, in the answer', false, body.includes('release-'));
    const named = claims.map(({ claim }) => claim);
    return {
      outcome: 'refused',
      detail: `a pull request from a fork hears its own ${named.join(', ')}, never what would be accepted`,
      decidedBy: `${rule} = ${claims[0]?.value}`,
    };
  },
};
