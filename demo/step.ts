import type { Scene } from './scene.ts';

/** What a step showed. */
export interface Shown {
  /** what came out, in a word or two */
  readonly outcome: string;
  /** one line for a reader */
  readonly detail: string;
  /** the rule, claim or check that decided */
  readonly decidedBy: string;
}

export interface Step {
  readonly name: string;
  /** what must come out, in a few words */
  readonly must: string;
  run(scene: Scene): Promise<Shown>;
}
