import { type CheckReads, CONTROL_CHECKS, type Control } from '@writ/flow';
import type { FlowVerdict } from './flow-verdict.ts';
import type { Side } from './model/model.ts';

/**
 * Enforced controls of policy packs are no part of the proof: they only refuse. What is proved stands where every control
 * that refused before is there still and judges by the same; where one is gone, or the flow differs in what it reads, nobody
 * has shown that nothing more is issued.
 */
export function withControls(proved: FlowVerdict, old: Side, fresh: Side): FlowVerdict {
  const { verdict } = proved;
  if ((verdict !== 'same' && verdict !== 'narrower') || fresh.flow.permit.length === 0) return proved;
  const [before, after] = [controlsOf(old), controlsOf(fresh)];
  const gone = [...before].filter(([judged]) => !after.has(judged)).map(([, rule]) => rule);
  if (gone.length > 0) {
    const rules = [...new Set(gone)];
    const because = `enforced controls are outside the proof, and what ${rules.join(', ')} refused may be issued now`;
    return { ...proved, verdict: 'unknown', stages: ['policy'], rules, because };
  }
  const added = [...after].filter(([judged]) => !before.has(judged)).map(([, rule]) => rule);
  if (verdict === 'narrower' || added.length === 0) return proved;
  return { ...proved, verdict: 'narrower', stages: ['policy'], rules: [...new Set(added)] };
}

/** The rules of the enforced controls of one side, by everything they judge by. */
function controlsOf({ flow, around }: Side): ReadonlyMap<string, string> {
  const { issues, tier } = flow.definition;
  return new Map(
    [...around.packs.values()].flatMap(({ pack, controls }) =>
      controls
        .filter(({ enforce }) => enforce)
        .filter((each) => each.issues === null || each.issues.includes(issues))
        .filter((each) => each.tiers === null || each.tiers.includes(tier))
        .map((control): [string, string] => {
          const rule = `pack.${pack}.${control.id}`;
          return [meaning([rule, control.kinds, judgedBy(control, { flow, around })]), rule];
        }),
    ),
  );
}

function judgedBy({ checks }: Control, side: Side): readonly unknown[] {
  return checks.map(({ check, bound }) => [
    check,
    bound,
    CONTROL_CHECKS[check].reads.map((read) => whatIsRead(read, side)),
  ]);
}

function whatIsRead(read: CheckReads, { flow, around }: Side): unknown {
  const { definition } = flow;
  switch (read) {
    case 'anchors':
      return definition.proof.proofs.map(({ anchor }) => around.anchors.get(anchor) ?? null);
    case 'rights':
      return around.rights === null
        ? null
        : [...around.rights.values()].filter(({ flow: name }) => name === definition.name);
    default:
      return definition[read];
  }
}

/** As text. A condition counts as its expression, not as it is spelt. */
function meaning(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && 'expression' in part ? part.expression : part,
  );
}
