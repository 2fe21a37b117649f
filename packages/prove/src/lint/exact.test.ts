import type { ArtefactSet, CompiledFlow } from '@writ/flow';
import { expect, test } from 'vitest';
import { compareUnder } from '../compare-flows.ts';
import { sha256 } from '../fixture.test.ts';
import type { Side } from '../model/model.ts';
import { dice, issues, parts, points, sideOf } from '../small-world.test.ts';
import { lint } from './lint.ts';

const FLOWS = 120;
const WORLD = 150;

function setOf({ flow, around }: Side): ArtefactSet {
  return {
    hash: '',
    sha256,
    flows: new Map([[flow.definition.name, flow]]),
    anchors: around.anchors,
    rights: new Map(),
    guardrails: [],
    packs: new Map(),
    groups: new Map(),
    people: [],
    roles: new Map(),
    audiences: new Map(),
    sources: new Map(),
  };
}

/** The flow without some of its rules. */
function without({ flow, around }: Side, gone: readonly string[]): Side {
  const { definition, permit, forbid, approval } = flow;
  const left = <T extends { readonly id: string }>(kind: string, rules: readonly T[]): readonly T[] =>
    rules.filter(({ id }) => !gone.includes(`${kind}.${id}`));
  const policy = {
    permit: left('policy.permit', definition.policy.permit),
    forbid: left('policy.forbid', definition.policy.forbid),
  };
  const fewer: CompiledFlow = {
    ...flow,
    permit: left('policy.permit', permit),
    forbid: left('policy.forbid', forbid),
    approval: left('approval', approval),
    definition: { ...definition, policy, approval: left('approval', definition.approval) },
  };
  return { flow: fewer, around };
}

function rulesOf({ flow: { definition } }: Side): readonly string[] {
  return [
    ...definition.policy.permit.map(({ id }) => `policy.permit.${id}`),
    ...definition.policy.forbid.map(({ id }) => `policy.forbid.${id}`),
    ...definition.approval.map(({ id }) => `approval.${id}`),
  ];
}

test('dead rules are exact: all that are found can go together, and none of the others alone', () => {
  const roll = dice(41);
  const world = points(roll, WORLD);
  let dead = 0;
  for (let i = 0; i < FLOWS; i++) {
    const side = sideOf(parts(roll));
    if (side === null) continue;
    const found = lint(setOf(side), { lacks: new Set(['audiences', 'groups']) });
    expect(found.filter(({ message }) => message.startsWith('could not'))).toEqual([]);
    const named = (id: string): readonly string[] =>
      found.filter((each) => each.id === id).map(({ rule }) => rule);
    const unreached = named('W010');
    if (unreached.some((rule) => !rule.startsWith('approval.'))) continue;
    const gone = [...named('W009'), ...unreached];
    dead += gone.length;
    const rest = without(side, gone);
    expect([gone, compareUnder(side, rest).verdict]).toEqual([gone, 'same']);
    for (const point of world) expect(issues(rest, point)).toBe(issues(side, point));
    for (const rule of rulesOf(rest)) {
      const { verdict } = compareUnder(rest, without(rest, [rule]));
      expect([rule, verdict === 'same']).toEqual([rule, false]);
    }
  }
  expect(dead).toBeGreaterThan(20);
});
