import { type Reason, WritError } from '@writ/core';
import type { CompiledRule } from '../artefact/compile-flow.ts';
import type { Environment } from '../condition/compile.ts';
import { type Check, reason } from './context.ts';

/** Whether a rule's condition holds. Any error refuses: a rule that cannot be evaluated never falls away. */
export function holds(rule: CompiledRule, environment: Environment, path: string): boolean | Reason {
  try {
    return rule.test(environment);
  } catch (error) {
    const message = error instanceof WritError ? error.message : 'the condition could not be evaluated';
    return reason('policy', path, message);
  }
}

/** Deny overrides; no rule that permits is a refusal. */
export const policyStage: Check = ({ flow, environment }) => {
  const denied = flow.forbid.flatMap((rule) => {
    const path = `policy.forbid.${rule.id}`;
    const held = holds(rule, environment, path);
    if (held === false) return [];
    const because = flow.definition.policy.forbid.find(({ id }) => id === rule.id)?.because ?? 'forbidden';
    return [held === true ? reason('policy', path, because) : held];
  });
  const permits = flow.permit.map((rule) => holds(rule, environment, `policy.permit.${rule.id}`));
  const errors = permits.filter((held): held is Reason => typeof held === 'object');
  const refusals = [...denied, ...errors];
  if (refusals.length > 0) return refusals;
  if (permits.includes(true)) return [];
  return [reason('policy', 'policy.permit', 'no rule of this flow permits it')];
};

/** The ids of the rules that permit, for the record. */
export function permitting(
  flow: { readonly permit: readonly CompiledRule[] },
  environment: Environment,
): readonly string[] {
  return flow.permit
    .filter((rule) => holds(rule, environment, rule.id) === true)
    .map((rule) => `policy.permit.${rule.id}`);
}
