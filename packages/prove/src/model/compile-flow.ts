import { IDENTITY_KINDS, KIND_ATTRIBUTES } from '@writ/core';
import { and, atom, type Formula, flag, implies, not, oneOf } from '../formula/formula.ts';
import type { Vocabulary } from '../formula/vocabulary.ts';
import { demandsOf } from './demands.ts';
import { laterRules } from './later-rules.ts';
import type { Model, Side } from './model.ts';
import * as names from './names.ts';
import { factRules, policyRules, proofRules } from './policy-rules.ts';
import { requestRules } from './request-rules.ts';
import { Scope } from './scope.ts';

/** A whole flow, with what stands around it, as one statement. */
export function compileSide(side: Side, vocabulary: Vocabulary): Model {
  const scope = new Scope(side, vocabulary);
  const { rules, demands } = demandsOf(scope);
  return {
    rules: [
      ...requestRules(scope),
      ...proofRules(scope),
      ...factRules(scope),
      ...policyRules(scope),
      ...rules,
      ...laterRules(scope),
    ],
    demands,
  };
}

/**
 * What always holds, whatever a flow says. Few, because a wrong one would be unsound; each is tested against what makes it
 * true.
 */
export function axioms(sides: readonly Side[]): readonly Formula[] {
  const kind = names.identityAttribute('kind');
  const kinds = IDENTITY_KINDS.map((each) =>
    implies(
      oneOf(kind, [each]),
      and(
        ...KIND_ATTRIBUTES[each].map((name) => atom({ test: 'present', of: names.identityAttribute(name) })),
      ),
    ),
  );
  return [
    // A life counts the lives of what a credential follows, and its own.
    not(atom({ test: 'below', left: names.LIFETIME, right: names.TTL })),
    // An identity has what its kind must have.
    ...kinds,
    ...sides.flatMap(evidenceAxioms),
  ];
}

function evidenceAxioms({ flow, around }: Side): readonly Formula[] {
  const { by } = flow.definition.request;
  return flow.definition.proof.proofs.flatMap((proof) => {
    const slot = names.slotOf(proof);
    const anchor = around.anchors.get(proof.anchor);
    const person = flag(names.evidencePerson(slot));
    const named = ['subject', 'sub'].filter((claim) => anchor?.claims[claim]?.type.type === 'string');
    const actor = anchor?.actor ?? null;
    return [
      // Whoever is in a group is known; whoever is known is named by a claim.
      ...('from' in by ? [implies(flag(names.evidenceMember(slot, by.from)), person)] : []),
      ...(named.length === 0 ? [not(person)] : [implies(person, someClaim(slot, named))]),
      ...(actor === null ? [] : [implies(flag(names.evidenceActor(slot)), someClaim(slot, [actor]))]),
    ];
  });
}

/** One of these claims is there. */
function someClaim(slot: string, claims: readonly string[]): Formula {
  return not(
    and(...claims.map((claim) => not(atom({ test: 'present', of: names.claimAttribute(slot, claim) })))),
  );
}
