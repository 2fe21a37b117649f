import { GITHUB_CLAIMS } from '@writ/testkit';
import { decodeJwt } from 'jose';
import { must, Unexpected } from '../expect.ts';
import { text } from '../json.ts';
import { createRunner } from '../runner.ts';
import { DEPLOYING } from '../scene.ts';
import type { Step } from '../step.ts';

export const exchange: Step = {
  name: 'exchange',
  must: "a token bound to the runner's key",
  run: async ({ canary, github, server, release }) => {
    const runner = await createRunner(server.take(), canary);
    const evidence = github.sign(GITHUB_CLAIMS);
    const granted = await runner.exchange(evidence, DEPLOYING);
    if (granted.outcome === 'refused') throw new Unexpected('the exchange', 'issued', granted.body);
    release.leave({ runner, evidence, granted });
    must('how often the nonce was asked for', 1, granted.nonceRequests);
    must('the token type', 'dpop', granted.tokenType);
    must('the key it is bound to', runner.thumbprint, text(decodeJwt(granted.token), 'cnf', 'jkt'));
    must('the lifetime', 600, granted.expiresIn);
    must('the scope', DEPLOYING.scope, granted.scope);
    return {
      outcome: 'issued',
      detail:
        `a release run of acme/payments trades its CI token: ${granted.scope}, ${granted.expiresIn} s, ` +
        `DPoP after a nonce, ledger #${granted.index}`,
      decidedBy: 'evidence, policy, right',
    };
  },
};
