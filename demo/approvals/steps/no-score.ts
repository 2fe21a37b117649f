import { must } from '../../expect.ts';
import { refused } from '../../steps/refused.ts';
import { TOOL_USE } from '../asking.ts';
import { idTokenOf, PRINCIPAL } from '../on-behalf.ts';
import { settle } from '../settle.ts';
import type { ApprovalStep } from '../step.ts';

export const noScore: ApprovalStep = {
  name: 'no-score',
  must: 'absence refuses',
  run: async (scene) => {
    scene.desk.setRisk(null);
    await settle();
    const agent = scene.triage.take();
    const answer = refused('without a score', await agent.exchange(idTokenOf(scene, PRINCIPAL), TOOL_USE));
    const { error, rule } = answer;
    must('the refusal', { error: 'invalid_grant', rule: 'facts.risk' }, { error, rule });
    scene.desk.setRisk(10);
    return {
      outcome: 'refused',
      detail: 'the source of risk scores is down: no score is no low score',
      decidedBy: rule,
    };
  },
};
