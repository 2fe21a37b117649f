import type { CompiledFlow } from '../artefact/compile-flow.ts';
import { readsOf } from '../condition/expression.ts';
import type { Condition, Match } from '../definition/definition.ts';
import { phrase } from './phrase.ts';

/** One rule in plain words, named as refusals name it; null when the flow has no such rule. */
export function explainRule({ definition }: CompiledFlow, rule: string): string | null {
  const { permit, forbid } = definition.policy;
  const permitted = permit.find(({ id }) => rule === `policy.permit.${id}`);
  if (permitted !== undefined) return conditional(rule, 'permits', permitted.when);
  const forbidden = forbid.find(({ id }) => rule === `policy.forbid.${id}`);
  if (forbidden !== undefined)
    return `${conditional(rule, 'refuses', forbidden.when)}\n  because  ${forbidden.because}`;
  const approval = definition.approval.find(({ id }) => rule === `approval.${id}`);
  if (approval !== undefined) {
    const { from, count, not } = approval.require;
    const but = not.length === 0 ? '' : `, not the ${not.join(' or the ')}`;
    return `${conditional(rule, 'demands an approval', approval.when)}\n  by       ${count} of ${from}${but}`;
  }
  return proofRule(definition, rule);
}

function conditional(rule: string, does: string, { text, expression }: Condition): string {
  const reads = readsOf(expression).join(', ');
  return `${rule} ${does} when\n  words    ${phrase(expression)}\n  text     ${text}\n  reads    ${reads === '' ? 'nothing' : reads}`;
}

function proofRule({ proof }: CompiledFlow['definition'], rule: string): string | null {
  for (const { id, anchor, maxAge, match } of proof.proofs) {
    if (rule === `proof.${id}`) {
      const claims = Object.entries(match).map(([claim, each]) => `\n  ${claim} ${wanted(each)}`);
      return `${rule} believes ${anchor}, no older than ${maxAge} s, when${claims.join('')}`;
    }
    const claim = Object.keys(match).find((name) => rule === `proof.${id}.${name}`);
    const each = claim === undefined ? undefined : match[claim];
    if (claim !== undefined && each !== undefined)
      return `${rule}: the claim ${claim} of ${anchor} ${wanted(each)}`;
  }
  return null;
}

function wanted(match: Match): string {
  if ('exact' in match) return `is ${match.exact}`;
  if ('like' in match) return `is like ${match.like} (* never crosses /)`;
  if ('oneOf' in match) return `is one of ${match.oneOf.join(', ')}`;
  if ('contains' in match) return `contains ${match.contains}`;
  return `is the same as ${match.sameAs}`;
}
