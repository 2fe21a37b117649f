import type { ApprovalRule, ArtefactSet, CompiledFlow, Condition, Match, ProofDefinition } from '@writ/flow';
import { changedConditions } from './condition-mutants.ts';
import { deletions } from './deletions.ts';
import { type Mutant, type MutantMaker, mutantMaker, replaced, without } from './mutant.ts';

/** Every mutant of a flow, by the operators of docs/reference/flow-tests.md. */
export function mutantsOf(flow: CompiledFlow, { sha256, audiences }: ArtefactSet): readonly Mutant[] {
  const maker = mutantMaker(flow, sha256);
  const elsewhere = [...audiences.keys()].find((uri) => !flow.definition.request.audience.includes(uri));
  const all = [
    ...deletions(flow, sha256),
    ...requestMutants(maker, elsewhere ?? 'https://audience-of-a-mutant.example'),
    ...proofMutants(maker),
    ...policyMutants(maker),
    ...approvalMutants(maker),
    ...laterMutants(maker),
  ];
  // What means the same is the same mutant.
  const seen = new Set([flow.hash]);
  return all.filter(({ flow: { hash } }) => {
    if (seen.has(hash)) return false;
    seen.add(hash);
    return true;
  });
}

function requestMutants(
  { definition: { request, lifecycle }, make }: MutantMaker,
  elsewhere: string,
): readonly Mutant[] {
  const ttl = { ...request.ttl, max: request.ttl.max * 2 };
  const life = { ...lifecycle, maxLifetime: Math.max(lifecycle.maxLifetime, ttl.max) };
  const audience = [...request.audience, elsewhere];
  return [
    make('double', 'request.ttl', { request: { ...request, ttl }, lifecycle: life }),
    // A right names audiences of its flow alone: nobody has one to an audience that the flow does not have.
    { ...make('widen', 'request.audience', { request: { ...request, audience } }), underRights: true },
  ];
}

function proofMutants({ definition: { proof }, make }: MutantMaker): readonly Mutant[] {
  const proving = (i: number, each: ProofDefinition): Parameters<typeof make>[2] => ({
    proof: { ...proof, proofs: replaced(proof.proofs, i, each) },
  });
  const any =
    proof.mode === 'all' && proof.proofs.length > 1
      ? [make('any instead of all', 'proof', { proof: { ...proof, mode: 'any' as const } })]
      : [];
  const weaker =
    proof.minAssurance > 1
      ? [
          make('weaken', 'proof.min-assurance', {
            proof: { ...proof, minAssurance: proof.minAssurance === 3 ? 2 : 1 },
          }),
        ]
      : [];
  return [
    ...any,
    ...weaker,
    ...proof.proofs.flatMap((each, i) => [
      make('double the age of', `proof.${each.id}`, proving(i, { ...each, maxAge: each.maxAge * 2 })),
      ...Object.entries(each.match).flatMap(([claim, match]) =>
        narrower(match).map((changed) =>
          make(
            'narrow',
            `proof.${each.id}.${claim}`,
            proving(i, { ...each, match: { ...each.match, [claim]: changed } }),
          ),
        ),
      ),
    ]),
  ];
}

/** A list without one of its values. */
function narrower(match: Match): readonly Match[] {
  if (!('oneOf' in match) || match.oneOf.length < 2) return [];
  return match.oneOf.map((_, i) => ({ oneOf: without(match.oneOf, i) }));
}

function policyMutants({ definition: { policy }, make }: MutantMaker): readonly Mutant[] {
  const { permit, forbid } = policy;
  return [
    ...permit.flatMap((rule, i) =>
      changedConditions(rule.when).map(({ did, when }) =>
        make(did, `policy.permit.${rule.id}`, {
          policy: { ...policy, permit: replaced(permit, i, { ...rule, when }) },
        }),
      ),
    ),
    ...forbid.flatMap((rule, i) =>
      changedConditions(rule.when).map(({ did, when }) =>
        make(did, `policy.forbid.${rule.id}`, {
          policy: { ...policy, forbid: replaced(forbid, i, { ...rule, when }) },
        }),
      ),
    ),
  ];
}

function approvalMutants({ definition: { approval }, make }: MutantMaker): readonly Mutant[] {
  return approval.flatMap((rule, i) => {
    const { require } = rule;
    const as = (did: string, changed: Partial<ApprovalRule<Condition>>): Mutant =>
      make(did, `approval.${rule.id}`, { approval: replaced(approval, i, { ...rule, ...changed }) });
    const demanding = (did: string, changed: Partial<ApprovalRule<Condition>['require']>): Mutant =>
      as(did, { require: { ...require, ...changed } });
    return [
      ...changedConditions(rule.when).map(({ did, when }) => as(did, { when })),
      ...(require.count > 1 ? [demanding('one fewer for', { count: require.count - 1 })] : []),
      ...require.not.map((word, at) => demanding(`admit the ${word} to`, { not: without(require.not, at) })),
      ...(require.factor === null ? [] : [demanding('drop the factor of', { factor: null })]),
      as('double the life of', { expires: rule.expires * 2 }),
    ];
  });
}

function laterMutants({ definition, make }: MutantMaker): readonly Mutant[] {
  const { bind, deliver, activate, lifecycle } = definition;
  const act =
    definition.issues === 'identity' || definition.issues === 'change' || definition.issues === 'revalidate';
  if (act) return lifecycleMutants({ definition, make });
  return [
    ...(bind.pop.includes('none')
      ? []
      : [make('allow none in', 'bind.pop', { bind: { ...bind, pop: [...bind.pop, 'none' as const] } })]),
    ...(deliver.humanVisible === 'never'
      ? [
          make('show to people', 'deliver.human-visible', {
            deliver: { ...deliver, humanVisible: 'allowed' },
          }),
        ]
      : []),
    ...(activate.when === 'issued'
      ? []
      : [
          make('active at once', 'activate', {
            activate: { when: 'issued', by: null, not: [], shows: [], within: null },
          }),
        ]),
    ...lifecycleMutants({ definition, make }),
    ...(lifecycle.rotateEvery === null
      ? []
      : [
          make('double', 'lifecycle.rotate-every', {
            lifecycle: { ...lifecycle, rotateEvery: lifecycle.rotateEvery * 2 },
          }),
        ]),
  ];
}

function lifecycleMutants({ definition: { lifecycle }, make }: MutantMaker): readonly Mutant[] {
  return [
    ...lifecycle.revokeOn.map((event, i) =>
      make('delete', `lifecycle.revoke-on.${event}`, {
        lifecycle: { ...lifecycle, revokeOn: without(lifecycle.revokeOn, i) },
      }),
    ),
    ...(lifecycle.reviewEvery === null
      ? []
      : [
          make('double', 'lifecycle.review-every', {
            lifecycle: { ...lifecycle, reviewEvery: lifecycle.reviewEvery * 2 },
          }),
        ]),
  ];
}
