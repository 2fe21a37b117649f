import type { Verdict } from '@writ/core';
import {
  type ArtefactSet,
  type CompiledFlow,
  decide,
  mismatches,
  observedOf,
  type RecordedDecision,
} from '@writ/flow';

/**
 * What the tests looked at, decided again by another text of the flow. It keeps the name of the first by its hash: approvals
 * were signed under that.
 */
export class Again {
  readonly #set: ArtefactSet;
  readonly #flow: CompiledFlow;

  constructor(set: ArtefactSet, flow: CompiledFlow, original: CompiledFlow) {
    this.#flow = { ...flow, hash: original.hash };
    this.#set = { ...set, flows: new Map(set.flows).set(flow.definition.name, this.#flow) };
  }

  decide({ facts, now }: Pick<RecordedDecision, 'facts' | 'now'>): Verdict {
    return decide(this.#set, facts, now);
  }

  /** Whether the test that looked at this decision would notice. */
  flips(decision: RecordedDecision): boolean {
    const seen = observedOf(this.#flow.definition, this.decide(decision), decision.standing);
    return mismatches(decision.expect, seen).length > 0;
  }
}
