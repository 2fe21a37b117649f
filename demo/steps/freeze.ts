import { GITHUB_CLAIMS } from '@writ/testkit';
import { must, mustContain } from '../expect.ts';
import { DEPLOYING } from '../scene.ts';
import type { Step } from '../step.ts';
import { refused } from './refused.ts';

export const freeze: Step = {
  name: 'freeze',
  must: 'nothing more, and the old is dead',
  run: async ({ writ, data, github, server, release, introspector }) => {
    const { runner, granted } = release.take();
    const as = server.take();
    const scope = `identity:${DEPLOYING.clientId}`;
    must('introspection before', true, (await introspector.introspect(as, granted.token)).active);

    const frozen = await writ.run(['freeze', scope, '--reason', 'shown in the demo', '--data', data]);
    must('the exit code', 0, frozen.code);
    mustContain('what it says', `frozen  ${scope}  ledger #`, frozen.stdout);

    const { error, rule } = refused(
      'the exchange',
      await runner.exchange(github.sign(GITHUB_CLAIMS), DEPLOYING),
    );
    must('the refusal', { error: 'invalid_grant', rule: 'gate.freeze' }, { error, rule });
    must('introspection after', { active: false }, await introspector.introspect(as, granted.token));
    return {
      outcome: 'refused',
      detail: `writ freeze ${scope}: good evidence refused, introspection says inactive`,
      decidedBy: 'gate.freeze',
    };
  },
};
