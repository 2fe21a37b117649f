import type { Step } from '../step.ts';
import { silence } from '../steps/silence.ts';
import type { ApprovalScene } from './scene.ts';
import { agent } from './steps/agent.ts';
import { agentToken } from './steps/agent-token.ts';
import { agreed } from './steps/agreed.ts';
import { asked } from './steps/asked.ts';
import { denied } from './steps/denied.ts';
import { enrol } from './steps/enrol.ts';
import { expired } from './steps/expired.ts';
import { guardrail } from './steps/guardrail.ts';
import { noOwner } from './steps/no-owner.ts';
import { noScore } from './steps/no-score.ts';
import { offline } from './steps/offline.ts';
import { oneShort } from './steps/one-short.ts';
import { otherContent } from './steps/other-content.ts';
import { partner } from './steps/partner.ts';
import { partnerToken } from './steps/partner-token.ts';
import { partnerWrite } from './steps/partner-write.ts';
import { risk } from './steps/risk.ts';
import { selfApproval } from './steps/self-approval.ts';
import { serviceToken } from './steps/service-token.ts';
import { start } from './steps/start.ts';
import { stepUp } from './steps/step-up.ts';
import { swappedKey } from './steps/swapped-key.ts';

/** In the order of a run; a later one may need what an earlier one left. */
export const APPROVAL_STEPS: readonly Step<ApprovalScene>[] = [
  start,
  enrol,
  noOwner,
  asked,
  agreed,
  serviceToken,
  agent,
  agentToken,
  stepUp,
  risk,
  noScore,
  partnerWrite,
  partner,
  partnerToken,
  selfApproval,
  oneShort,
  otherContent,
  guardrail,
  denied,
  expired,
  offline,
  swappedKey,
  silence,
];
