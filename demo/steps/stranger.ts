import { GITHUB_CLAIMS, GITHUB_CLAIMS_OF_RECYCLED_OWNER } from '@writ/testkit';
import { must, mustContain } from '../expect.ts';
import { createRunner } from '../runner.ts';
import { DEPLOYING } from '../scene.ts';
import type { Step } from '../step.ts';
import type { Denied } from '../token-request.ts';
import { refused } from './refused.ts';

/** A repository of somebody else, in every claim that GitHub would write. */
const STRANGER = {
  ...GITHUB_CLAIMS,
  sub: 'repo:mallory/payments:environment:production',
  repository: 'mallory/payments',
  repository_id: '777000777',
  repository_owner: 'mallory',
  repository_owner_id: '666',
};

export const stranger: Step = {
  name: 'stranger',
  must: 'one generic refusal',
  run: async ({ writ, data, canary, github, server }) => {
    const runner = await createRunner(server.take(), canary);
    const ask = async (claims: Readonly<Record<string, string>>, clientId: string): Promise<Denied> =>
      refused(clientId, await runner.exchange(github.sign(claims), { ...DEPLOYING, clientId }));
    const foreign = await ask(STRANGER, DEPLOYING.clientId);
    const recycled = await ask(GITHUB_CLAIMS_OF_RECYCLED_OWNER, DEPLOYING.clientId);
    const nobody = await ask(STRANGER, 'svc-nobody');
    must('a rule in the answer', '', foreign.rule);
    must('the answer under a recycled name, byte for byte', heard(foreign), heard(recycled));
    must('the answer for a client that does not exist, byte for byte', heard(foreign), heard(nobody));

    const explained = await writ.run(['explain', foreign.reference, '--data', data]);
    must('the exit code of writ explain', 0, explained.code);
    mustContain('what owners learn', 'rule: proof.github.repository_id', explained.stdout);
    return {
      outcome: 'refused',
      detail: 'another repository, a recycled name, no such client: the same bytes but for the reference',
      decidedBy: 'proof.github.repository_id (owners are told)',
    };
  },
};

/** Everything the caller saw but the reference. */
function heard({ status, body, reference }: Denied): string {
  return `${status} ${body.replace(reference, 'REFERENCE')}`;
}
