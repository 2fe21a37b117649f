import { openScene, type Scene } from './scene.ts';
import { STEPS } from './steps.ts';
import type { Story } from './story.ts';

/** The main job. */
export const DEPLOYING_STORY: Story<Scene> = {
  title: 'Writ, end to end: one release run deploys, everybody else is refused',
  subtitle: 'real processes, HTTP, signatures and an SQLite file; only the company acme is made up',
  caveats: [
    'not shown: an API that only checks signatures accepts a frozen token until it expires, here 600 s; asking Writ',
    'ends that at once. The policy trusts one log without witnesses: it shows changes, not two logs told to two people.',
  ],
  steps: STEPS,
  open: (canary) => openScene(canary),
};
