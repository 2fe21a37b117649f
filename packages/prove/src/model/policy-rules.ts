import { conforms } from '@writ/core';
import type { CompiledFlow } from '@writ/flow';
import { compileCondition } from '../formula/compile-condition.ts';
import { and, atMost, atom, type Formula, not, oneOf, or, TRUE } from '../formula/formula.ts';
import type { Rule } from './model.ts';
import * as names from './names.ts';
import { leavesOf } from './paths.ts';
import type { Scope } from './scope.ts';

/** Each proof by itself where all are demanded; otherwise that one of them is accepted. */
export function proofRules(scope: Scope): readonly Rule[] {
  const { proofs } = scope;
  if (proofs.length > 0 && scope.allDemanded) {
    return proofs.flatMap((proof) =>
      [...scope.standing(proof)].map(([id, formula]): Rule => ({ stage: 'proof', id, formula })),
    );
  }
  const alternatives = proofs.map((proof) => ({ id: `proof.${proof.id}`, formula: scope.accepted(proof) }));
  const formula = or(...alternatives.map((each) => each.formula));
  return [{ stage: 'proof', id: 'proof', formula, alternatives }];
}

/** Every declared fact is there, fresh and of its type. */
export function factRules(scope: Scope): readonly Rule[] {
  const { facts } = scope.side.flow.definition;
  return Object.entries(facts).flatMap(([name, { source, type, maxAge }]) => {
    const leaves = leavesOf(type);
    const mine = new Set(leaves.map((leaf) => names.sourceLeaf(source, leaf.path, leaf.type.type)));
    const others = scope.vocabulary
      .all()
      .map((attribute) => attribute.name)
      .filter(
        (each) => each.startsWith(`source ${source}.`) && each !== names.sourceAge(source) && !mine.has(each),
      );
    const formula = and(
      ...leaves.map((leaf) => leafFormula(names.sourceLeaf(source, leaf.path, leaf.type.type), leaf.type)),
      ...others.map((of) => not(atom({ test: 'present', of }))),
    );
    const id = `facts.${name}`;
    return [
      { stage: 'policy', id, formula: atMost(names.sourceAge(source), maxAge) },
      { stage: 'policy', id, formula },
    ] satisfies Rule[];
  });
}

function leafFormula(of: string, type: Parameters<typeof conforms>[1]): Formula {
  if (type.type === 'string' && type.oneOf !== undefined) return oneOf(of, type.oneOf);
  return atom({ test: 'present', of });
}

/** Deny overrides, and a rule that cannot be read refuses. */
export function policyRules(scope: Scope): readonly Rule[] {
  const { permit, forbid } = scope.side.flow.definition.policy;
  const denied = forbid.map((rule): Rule => {
    const { fails } = compileCondition(rule.when.expression, scope.resolve);
    return { stage: 'policy', id: `policy.forbid.${rule.id}`, formula: fails };
  });
  const permits = permit.map((rule) => ({
    id: `policy.permit.${rule.id}`,
    ...compileCondition(rule.when.expression, scope.resolve),
  }));
  const readable = permits.map(
    ({ id, holds, fails, total }): Rule => ({
      stage: 'policy',
      id,
      formula: total ? TRUE : or(holds, fails),
    }),
  );
  const alternatives = permits.map(({ id, holds }) => ({ id, formula: holds }));
  const permitted = or(...alternatives.map(({ formula }) => formula));
  return [
    ...denied,
    ...readable.filter(({ formula }) => formula.op !== 'true'),
    { stage: 'policy', id: 'policy.permit', formula: permitted, alternatives },
  ];
}

/** The paths that generation and binding look up: they must lead to a text that is not empty. */
export function parameterPaths({ definition }: CompiledFlow): readonly (readonly [string, string])[] {
  const { parameters } = definition.generate;
  const wanted = [
    ['generate.subject', parameters['subject'] ?? parameters['san'] ?? 'identity.uri'],
    ['generate.act', parameters['act'] ?? null],
    ['bind.source', definition.bind.source?.cidr ?? null],
  ] as const;
  return wanted.flatMap(([id, value]): [string, string][] => {
    const path = typeof value === 'string' ? value : (value?.join(' ') ?? '');
    return /^(?:identity|evidence|request|facts)\./.test(path) ? [[id, path]] : [];
  });
}
