import { SUBJECTS } from '@writ/testkit';
import { decodeJwt } from 'jose';
import { must } from '../../expect.ts';
import { list, text } from '../../json.ts';
import { issued } from '../../steps/issued.ts';
import { createAgent } from '../agent.ts';
import { LIMITS, TOOL_USE } from '../asking.ts';
import { idTokenOf, PRINCIPAL } from '../on-behalf.ts';
import type { ApprovalStep } from '../step.ts';

const URI = 'spiffe://acme.example/agent/agent-triage';

export const agentToken: ApprovalStep = {
  name: 'agent-token',
  must: 'its limits are in the token',
  run: async (scene) => {
    const { triage, granted } = scene;
    const agent = triage.leave(await createAgent(scene.agentOptions()));
    const got = issued('the token', await agent.exchange(idTokenOf(scene, PRINCIPAL), TOOL_USE));
    granted.push(got);
    const claims = decodeJwt(got.token);
    const details = list(claims, 'authorization_details');
    must('for whom it is', SUBJECTS[PRINCIPAL], claims.sub);
    must('who acts', URI, text(claims, 'act', 'sub'));
    must('its limits', [{ type: 'writ_issuance', ...LIMITS }], details);
    must('the key it is bound to', agent.thumbprint, text(claims, 'cnf', 'jkt'));
    return {
      outcome: 'issued',
      detail: `risk 10: for ${PRINCIPAL}; act names the agent, authorization_details its data sets and commands`,
      decidedBy: 'policy.permit.read-tools',
    };
  },
};
