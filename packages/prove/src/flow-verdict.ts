import type { Stage } from '@writ/core';
import type { Witness } from './compare-sides.ts';

/** `unknown` is treated as `wider`. */
export type Outcome = 'same' | 'narrower' | 'wider' | 'incomparable' | 'unknown';

export interface FlowVerdict {
  readonly verdict: Outcome;
  /** stages and rules that let more through, or where none does, those that let less through */
  readonly stages: readonly Stage[];
  readonly rules: readonly string[];
  /** issued by the new flow, refused by the old one or waiting there */
  readonly wider: Witness | null;
  /** issued by the old flow, refused by the new one or waiting there */
  readonly narrower: Witness | null;
  /** why the verdict is `unknown` */
  readonly because: string | null;
  /** case splits made */
  readonly nodes: number;
}
