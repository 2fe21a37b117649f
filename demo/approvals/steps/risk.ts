import { must } from '../../expect.ts';
import { refused } from '../../steps/refused.ts';
import { TOOL_USE } from '../asking.ts';
import { idTokenOf, PRINCIPAL } from '../on-behalf.ts';
import { settle } from '../settle.ts';
import type { ApprovalStep } from '../step.ts';

export const risk: ApprovalStep = {
  name: 'risk',
  must: 'refused, and the rule named',
  run: async (scene) => {
    scene.desk.setRisk(80);
    await settle();
    const agent = scene.triage.take();
    const answer = refused('at risk 80', await agent.exchange(idTokenOf(scene, PRINCIPAL), TOOL_USE));
    const { error, rule } = answer;
    must(
      'the refusal',
      { error: 'invalid_grant', rule: 'policy.forbid.never-above-seventy' },
      { error, rule },
    );
    return { outcome: 'refused', detail: 'risk 80: no approval helps, a rule forbids it', decidedBy: rule };
  },
};
