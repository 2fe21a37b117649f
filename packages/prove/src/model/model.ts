import type { Anchor, Hash, Stage } from '@writ/core';
import type { CompiledFlow, Guardrail, PolicyPack, Right } from '@writ/flow';
import type { Formula } from '../formula/formula.ts';

/** What stands around a flow. What is null does not bound it. */
export interface Surroundings {
  readonly sha256: Hash;
  readonly anchors: ReadonlyMap<string, Anchor>;
  readonly guardrails: readonly Guardrail[];
  readonly packs: ReadonlyMap<string, PolicyPack>;
  readonly rights: ReadonlyMap<string, Right> | null;
}

/** One of the two things compared. */
export interface Side {
  readonly flow: CompiledFlow;
  readonly around: Surroundings;
}

/** Something that must hold of whatever is issued. */
export interface Rule {
  readonly stage: Stage;
  /** as refusals name it */
  readonly id: string;
  readonly formula: Formula;
  /** where the formula says that one of several holds, these, with their names */
  readonly alternatives?: readonly { readonly id: string; readonly formula: Formula }[];
}

/** Who counts for a demand: a person with the flag `from`, without the flags `without`, acting by `factor`. */
export interface Who {
  readonly from: string;
  readonly without: readonly PersonFlag[];
  readonly factor: string | null;
  /** only what was given in this run counts */
  readonly fresh: boolean;
}

/** `owner`: of the identity, or its deputy. `actor`: started what evidence speaks of. `asker`: evidence is about them. */
export type PersonFlag = 'owner' | 'actor' | 'asker';

/** So many different persons must have agreed, where `when` holds. */
export interface Demand {
  readonly stage: 'approval' | 'activate';
  readonly id: string;
  readonly when: Formula;
  readonly who: Who;
  readonly count: number;
  /** whether anybody could: the excluded are known, and those asked exist */
  readonly possible: Formula;
  /** how many persons can have each flag; without a number, as many as one likes */
  readonly most: Partial<Record<PersonFlag, number>>;
  /** when anybody has each flag */
  readonly known: Readonly<Record<PersonFlag, Formula>>;
}

/** A flow as one statement: a usable credential exists where every rule holds and every demand is met. */
export interface Model {
  readonly rules: readonly Rule[];
  readonly demands: readonly Demand[];
}
