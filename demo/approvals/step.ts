import type { Step } from '../step.ts';
import type { ApprovalScene } from './scene.ts';

export type ApprovalStep = Step<ApprovalScene>;
