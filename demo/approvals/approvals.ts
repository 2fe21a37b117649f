import type { Story } from '../story.ts';
import { type ApprovalScene, openApprovalScene } from './scene.ts';
import { APPROVAL_STEPS } from './steps.ts';

/** What waits for people. */
export const APPROVALS_STORY: Story<ApprovalScene> = {
  title: 'Writ, with people: what must be approved is approved over exactly what is issued, or not at all',
  subtitle:
    'real processes, HTTP, signatures and an SQLite file; people have passkeys in software, acme is made up',
  caveats: [
    'not shown: a person who approves without reading. A passkey says who agreed to what, never whether they understood it.',
  ],
  steps: APPROVAL_STEPS,
  open: (canary) => openApprovalScene(canary),
};
