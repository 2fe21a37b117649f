import type { Hash } from '@writ/core';
import type { CompiledFlow } from '@writ/flow';
import { type Mutant, type MutantMaker, mutantMaker, replaced, without } from './mutant.ts';

/** The flow without one of its rules, for each of them: permits, forbids, approvals, proofs and claims. */
export function deletions(flow: CompiledFlow, sha256: Hash): readonly Mutant[] {
  const maker = mutantMaker(flow, sha256);
  return [...proofDeletions(maker), ...policyDeletions(maker), ...approvalDeletions(maker)];
}

function policyDeletions({ definition, make }: MutantMaker): readonly Mutant[] {
  const { policy } = definition;
  return [
    ...policy.permit.map(({ id }, i) =>
      make('delete', `policy.permit.${id}`, { policy: { ...policy, permit: without(policy.permit, i) } }),
    ),
    ...policy.forbid.map(({ id }, i) =>
      make('delete', `policy.forbid.${id}`, { policy: { ...policy, forbid: without(policy.forbid, i) } }),
    ),
  ];
}

function approvalDeletions({ definition: { approval }, make }: MutantMaker): readonly Mutant[] {
  return approval.map(({ id }, i) => make('delete', `approval.${id}`, { approval: without(approval, i) }));
}

function proofDeletions({ definition: { proof }, make }: MutantMaker): readonly Mutant[] {
  return proof.proofs.flatMap((each, i) => [
    make('delete', `proof.${each.id}`, { proof: { ...proof, proofs: without(proof.proofs, i) } }),
    ...Object.keys(each.match).map((claim) => {
      const { [claim]: _gone, ...match } = each.match;
      return make('delete', `proof.${each.id}.${claim}`, {
        proof: { ...proof, proofs: replaced(proof.proofs, i, { ...each, match }) },
      });
    }),
  ]);
}
