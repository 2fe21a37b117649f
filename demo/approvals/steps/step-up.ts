import { must } from '../../expect.ts';
import { issued } from '../../steps/issued.ts';
import { refused } from '../../steps/refused.ts';
import { createAgent } from '../agent.ts';
import { waiting } from '../answers.ts';
import { TOOL_USE } from '../asking.ts';
import { idTokenOf, PRINCIPAL } from '../on-behalf.ts';
import { settle } from '../settle.ts';
import type { ApprovalStep } from '../step.ts';

const RULE = 'step-up-risk';

export const stepUp: ApprovalStep = {
  name: 'step-up',
  must: 'the person themselves, first',
  run: async (scene) => {
    const { desk, person, triage, granted } = scene;
    const agent = triage.take();
    desk.setRisk(45);
    await settle();
    const pending = refused('at risk 45', await agent.exchange(idTokenOf(scene, PRINCIPAL), TOOL_USE));
    must(
      'the answer',
      { error: 'authorization_pending', waitsFor: [RULE] },
      {
        error: pending.error,
        waitsFor: pending.waitsFor,
      },
    );
    const { run } = pending;
    must('somebody else', 403, (await person('user:mei').approve(run, RULE)).status);
    const again = refused('before', await agent.exchange(idTokenOf(scene, PRINCIPAL), TOOL_USE, run));
    must('the agent, before', 'authorization_pending', again.error);
    waiting('the step-up', await person(PRINCIPAL).approve(run, RULE));
    const thief = await createAgent(scene.agentOptions());
    const stolen = refused('another key', await thief.exchange(idTokenOf(scene, PRINCIPAL), TOOL_USE, run));
    must('another key with that run', 'invalid_grant', stolen.error);
    const got = issued('the token', await agent.exchange(idTokenOf(scene, PRINCIPAL), TOOL_USE, run));
    must('the run', run, got.run);
    granted.push(got);
    return {
      outcome: 'issued',
      detail: `risk 45: pending until ${PRINCIPAL} steps up with a passkey; then fresh evidence, same key and run`,
      decidedBy: `approval.${RULE}`,
    };
  },
};
