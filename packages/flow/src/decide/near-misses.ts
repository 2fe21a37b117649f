import type { Facts } from '@writ/core';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import { compile, type Environment, lookup } from '../condition/compile.ts';
import { conjunctsOf, type Expression, readsOf } from '../condition/expression.ts';
import type { Condition } from '../definition/definition.ts';
import { phrase } from '../format/phrase.ts';
import { showValue } from '../format/show-value.ts';
import { contextFor } from './decide.ts';

/** A rule that one thing kept from applying. */
export interface NearMiss {
  /** `policy.permit.…`, `policy.forbid.…` or `approval.…` */
  readonly rule: string;
  readonly message: string;
}

/**
 * Rules that would have applied had exactly one conjunct of their condition been otherwise: permits that do not permit,
 * forbids that do not refuse, approvals that are not demanded. `now` is in milliseconds since the epoch. A rule of which any
 * part cannot be evaluated is none of them, and nothing is where the flow or the identity is unknown.
 */
export function nearMisses(artefacts: ArtefactSet, facts: Facts, now: number): readonly NearMiss[] {
  const context = contextFor(artefacts, facts, now);
  if (context === null) return [];
  const { policy, approval } = context.flow.definition;
  const all: readonly Candidate[] = [
    ...policy.permit.map(({ id, when }) => ({ rule: `policy.permit.${id}`, does: 'permits', when })),
    ...policy.forbid.map(({ id, when }) => ({ rule: `policy.forbid.${id}`, does: 'refuses', when })),
    ...approval.map(({ id, when }) => ({ rule: `approval.${id}`, does: 'demands an approval', when })),
  ];
  return all.flatMap(({ rule, does, when }) => {
    const lacking = onlyFalse(when.expression, context.environment);
    if (lacking === null) return [];
    const message = `${does} when ${phrase(lacking)}; here ${there(lacking, context.environment)}`;
    return [{ rule, message }];
  });
}

interface Candidate {
  readonly rule: string;
  readonly does: string;
  readonly when: Condition;
}

/** The one conjunct that is false where all others are true, and that other facts could make true. */
function onlyFalse(condition: Expression, environment: Environment): Expression | null {
  const conjuncts = conjunctsOf(condition);
  const failed = conjuncts.filter((conjunct) => valueOf(conjunct, environment) !== true);
  const [lacking] = failed;
  if (lacking === undefined || failed.length > 1 || readsOf(lacking).length === 0) return null;
  return valueOf(lacking, environment) === false ? lacking : null;
}

/** Null where it cannot be evaluated. */
function valueOf(conjunct: Expression, environment: Environment): boolean | null {
  try {
    return compile(conjunct)(environment);
  } catch {
    return null;
  }
}

/** What the facts had where the conjunct looked. */
function there(conjunct: Expression, environment: Environment): string {
  const found = readsOf(conjunct).map((path) => {
    const value = lookup(environment, path.split('.'));
    return value === undefined ? `${path} is not known` : `${path} is ${showValue(value)}`;
  });
  return found.join(' and ');
}
