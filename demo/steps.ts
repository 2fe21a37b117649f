import type { Step } from './step.ts';
import { deploy } from './steps/deploy.ts';
import { discover } from './steps/discover.ts';
import { exchange } from './steps/exchange.ts';
import { explain } from './steps/explain.ts';
import { fork } from './steps/fork.ts';
import { freeze } from './steps/freeze.ts';
import { otherAudience } from './steps/other-audience.ts';
import { otherKey } from './steps/other-key.ts';
import { replay } from './steps/replay.ts';
import { silence } from './steps/silence.ts';
import { start } from './steps/start.ts';
import { stranger } from './steps/stranger.ts';
import { tamper } from './steps/tamper.ts';
import { verify } from './steps/verify.ts';

/** In the order of a run; a later one may need what an earlier one left. */
export const STEPS: readonly Step[] = [
  start,
  discover,
  exchange,
  deploy,
  explain,
  verify,
  replay,
  fork,
  stranger,
  otherKey,
  otherAudience,
  freeze,
  tamper,
  silence,
];
