import type { ProofDefinition } from '@writ/flow';
import { and, atom, type Formula, implies, not } from '../formula/formula.ts';
import type { Demand, Rule } from '../model/model.ts';
import * as names from '../model/names.ts';
import type { Inquiry } from './inquiry.ts';

/** A usable credential comes of it, whoever has to agree; with other formulas in place of some rules, where that is asked. */
export function issued(
  { model }: Inquiry,
  instead: ReadonlyMap<Rule, Formula> = new Map(),
): readonly Formula[] {
  return [
    ...model.rules.map((rule) => instead.get(rule) ?? rule.formula),
    ...model.demands.map(({ when, possible }) => implies(when, possible)),
  ];
}

export function approvalsOf({ model }: Inquiry): readonly Demand[] {
  return model.demands.filter(({ stage }) => stage === 'approval');
}

/** No approval is demanded. */
export function unasked(inquiry: Inquiry): readonly Formula[] {
  return approvalsOf(inquiry).map(({ when }) => not(when));
}

/** This proof is accepted, and no other is put before the flow unless every one is demanded. */
export function provenBy({ scope }: Inquiry, proof: ProofDefinition): Formula {
  const slot = names.slotOf(proof);
  const others = scope.allDemanded ? [] : scope.proofs.map(names.slotOf).filter((each) => each !== slot);
  return and(
    scope.accepted(proof),
    ...others.map((each) => not(atom({ test: 'present', of: names.evidenceAge(each) }))),
  );
}
