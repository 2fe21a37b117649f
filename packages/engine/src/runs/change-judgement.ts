import type { Json, Reason } from '@writ/core';
import type { ChangeVerdict } from '@writ/flow';

/** What a proposed artefact set is, compared with the one it would replace. */
export interface ChangeJudgement {
  readonly verdict: ChangeVerdict;
  /** the least tier of a flow that changes; 0 where something changes that no proof covers */
  readonly tier: number;
  /** the flow that changes, empty where there are several or none */
  readonly flow: string;
  /** flow by flow, with witnesses, for people to read */
  readonly report: Json;
  /** why it must not be published, whoever approves */
  readonly bars: readonly Reason[];
}
