import { must } from '../expect.ts';
import { createRunner } from '../runner.ts';
import { DEPLOYING } from '../scene.ts';
import type { Step } from '../step.ts';
import { refused } from './refused.ts';

export const replay: Step = {
  name: 'replay',
  must: 'spent evidence is refused',
  run: async ({ canary, server, release }) => {
    const { runner, evidence } = release.take();
    const thief = await createRunner(server.take(), canary);
    const answers = [await runner.exchange(evidence, DEPLOYING), await thief.exchange(evidence, DEPLOYING)];
    for (const answer of answers) {
      const { error, rule } = refused('the replay', answer);
      must('the refusal', { error: 'invalid_grant', rule: 'proof.replay' }, { error, rule });
    }
    return {
      outcome: 'refused',
      detail: 'the same CI token, by its runner and by a thief, after a restart: it has been used',
      decidedBy: 'proof.replay',
    };
  },
};
