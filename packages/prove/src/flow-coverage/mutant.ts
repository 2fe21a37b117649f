import type { Hash } from '@writ/core';
import { type CompiledFlow, type Condition, compiledFrom, type FlowDefinition } from '@writ/flow';

type Definition = FlowDefinition<Condition>;

/** A flow that differs from another in one small thing, which a test should notice. */
export interface Mutant {
  /** what was done, and to which rule: `delete policy.forbid.base-code-for-a-fork` */
  readonly name: string;
  /** as refusals name it */
  readonly rule: string;
  readonly flow: CompiledFlow;
  /** no right could use it, unless it is one of those that there are */
  readonly underRights: boolean;
}

/** Makes mutants of one flow. */
export interface MutantMaker {
  readonly definition: Definition;
  readonly make: (did: string, rule: string, changes: Partial<Definition>) => Mutant;
}

export function mutantMaker({ definition }: CompiledFlow, sha256: Hash): MutantMaker {
  return {
    definition,
    make: (did, rule, changes) => ({
      name: `${did} ${rule}`,
      rule,
      flow: compiledFrom({ ...definition, ...changes }, sha256),
      underRights: false,
    }),
  };
}

export function without<T>(items: readonly T[], at: number): readonly T[] {
  return items.filter((_, i) => i !== at);
}

export function replaced<T>(items: readonly T[], at: number, item: T): readonly T[] {
  return items.map((each, i) => (i === at ? item : each));
}
