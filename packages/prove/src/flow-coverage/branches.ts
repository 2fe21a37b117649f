import type { Hash } from '@writ/core';
import type { CompiledFlow, Condition, Expression } from '@writ/flow';
import { atomsOf, settled } from './condition-mutants.ts';
import { type Mutant, mutantMaker, replaced } from './mutant.ts';

/**
 * The flow in which one part of one condition is always true, or always false: a test that notices has seen the part be the
 * other, with an effect.
 */
export function branches(flow: CompiledFlow, sha256: Hash): readonly Mutant[] {
  const { definition, make } = mutantMaker(flow, sha256);
  const { policy, approval } = definition;
  return [
    ...policy.permit.flatMap((rule, i) =>
      settledOf(rule.when).map(({ did, when }) =>
        make(did, `policy.permit.${rule.id}`, {
          policy: { ...policy, permit: replaced(policy.permit, i, { ...rule, when }) },
        }),
      ),
    ),
    ...policy.forbid.flatMap((rule, i) =>
      settledOf(rule.when).map(({ did, when }) =>
        make(did, `policy.forbid.${rule.id}`, {
          policy: { ...policy, forbid: replaced(policy.forbid, i, { ...rule, when }) },
        }),
      ),
    ),
    ...approval.flatMap((rule, i) =>
      settledOf(rule.when).map(({ did, when }) =>
        make(did, `approval.${rule.id}`, { approval: replaced(approval, i, { ...rule, when }) }),
      ),
    ),
  ];
}

function settledOf({ text, expression }: Condition): readonly { did: string; when: Condition }[] {
  return atomsOf(expression).flatMap((part, i) =>
    [true, false]
      // A fact behind `has` is not read where it is absent: to say that it is there would read it.
      .filter((value) => !(part.op === 'has' && value))
      .map((value) => ({
        did: `part ${i + 1} (${partText(part)}) is never ${String(!value)} in`,
        when: { text, expression: settled(expression, part, value) },
      })),
  );
}

/** A part in few words: what it reads, and how. */
function partText(part: Expression): string {
  switch (part.op) {
    case 'get':
      return part.path.join('.');
    case 'has':
      return `has ${[...part.path, ...part.names].join('.')}`;
    case 'value':
      return String(part.value);
    case 'extension':
      return part.text;
    case 'set':
      return `[${part.items.map(partText).join(', ')}]`;
    case 'not':
    case 'is-empty':
    case 'like':
      return `${part.op} ${partText(part.arg)}`;
    case 'if':
      return 'if';
    default:
      return `${partText(part.left)} ${part.op} ${partText(part.right)}`;
  }
}
