import type { ArtefactSet, CompiledFlow, Problem } from '@writ/flow';
import type { Side } from '../model/model.ts';
import type { Budget } from '../solve/search.ts';
import { Inquiry } from './inquiry.ts';
import type { FlowFile } from './places.ts';

/** Kinds of artefacts that a directory of flows alone does not have, and that then say nothing. */
export type Lack = 'anchors' | 'audiences' | 'groups' | 'people';

/** One flow under lint, with what stands around it. */
export class Subject {
  readonly flow: CompiledFlow;
  readonly set: ArtefactSet;
  readonly lacks: ReadonlySet<Lack>;
  /** its text, or null where that is not at hand */
  readonly file: FlowFile | null;
  /** what the loader warns of in that file */
  readonly warnings: readonly Problem[];
  readonly #budget: Budget;
  #inquiry: Inquiry | null = null;
  #alone: Inquiry | null = null;

  constructor(of: Pick<Subject, 'flow' | 'set' | 'lacks' | 'file' | 'warnings'>, budget: Budget) {
    this.flow = of.flow;
    this.set = of.set;
    this.lacks = of.lacks;
    this.file = of.file;
    this.warnings = of.warnings;
    this.#budget = budget;
  }

  get definition(): CompiledFlow['definition'] {
    return this.flow.definition;
  }

  /** What the prover knows of it, made when the first rule asks. */
  get inquiry(): Inquiry {
    this.#inquiry ??= new Inquiry(sideOf(this.set, this.flow), this.#budget);
    return this.#inquiry;
  }

  /** As `inquiry`, by what the flow says itself: a guardrail that is tightened makes no mistake of it. */
  get alone(): Inquiry {
    const { flow, around } = sideOf(this.set, this.flow);
    this.#alone ??= new Inquiry({ flow, around: { ...around, guardrails: [] } }, this.#budget);
    return this.#alone;
  }
}

/** A flow is judged under the guardrails, whoever holds a right to it today. Policy packs can only refuse more. */
export function sideOf(set: ArtefactSet, flow: CompiledFlow): Side {
  const { sha256, anchors, guardrails } = set;
  return { flow, around: { sha256, anchors, guardrails, packs: new Map(), rights: null } };
}
