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

/** What is told of a step. */
export interface Told {
  readonly name: string;
  /** what must come out, in a few words */
  readonly must: string;
}

/** A step on a stage of its own story; unless said otherwise, the main one. */
export interface Step<S = Scene> extends Told {
  run(scene: S): Promise<Shown>;
}
