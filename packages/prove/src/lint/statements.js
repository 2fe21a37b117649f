import { and, atom, implies, not } from '../formula/formula.js';
import * as names from '../model/names.js';
/** A usable credential comes of it, whoever has to agree; with other formulas in place of some rules, where that is asked. */
export function issued({ model }, instead = new Map()) {
    return [
        ...model.rules.map((rule) => instead.get(rule) ?? rule.formula),
        ...model.demands.map(({ when, possible }) => implies(when, possible)),
    ];
}
export function approvalsOf({ model }) {
    return model.demands.filter(({ stage }) => stage === 'approval');
}
/** No approval is demanded. */
export function unasked(inquiry) {
    return approvalsOf(inquiry).map(({ when }) => not(when));
}
/** This proof is accepted, and no other is put before the flow unless every one is demanded. */
export function provenBy({ scope }, proof) {
    const slot = names.slotOf(proof);
    const others = scope.allDemanded ? [] : scope.proofs.map(names.slotOf).filter((each) => each !== slot);
    return and(scope.accepted(proof), ...others.map((each) => not(atom({ test: 'present', of: names.evidenceAge(each) }))));
}
//# sourceMappingURL=statements.js.map