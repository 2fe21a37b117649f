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
  readonly #flow: CompiledFlow;
  readonly #sets = new Map<ArtefactSet, ArtefactSet>();

  constructor(flow: CompiledFlow, original: CompiledFlow) {
    this.#flow = { ...flow, hash: original.hash };
  }

  decide({ set, facts, now }: Pick<RecordedDecision, 'set' | 'facts' | 'now'>): Verdict {
    return decide(this.#under(set), facts, now);
  }

  /** Whether the test that looked at this decision would notice. */
  flips(decision: RecordedDecision): boolean {
    const seen = observedOf(this.#flow.definition, this.decide(decision), decision.standing);
    return mismatches(decision.expect, seen).length > 0;
  }

  #under(set: ArtefactSet): ArtefactSet {
    const known = this.#sets.get(set);
    if (known !== undefined) return known;
    const made = { ...set, flows: new Map(set.flows).set(this.#flow.definition.name, this.#flow) };
    this.#sets.set(set, made);
    return made;
  }
}
