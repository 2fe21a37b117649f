import type { CompiledFlow, LoadedForPlan } from '@writ/flow';
import { compareUnder } from '../compare-flows.ts';
import { DEFAULT_BUDGET } from '../compare-sides.ts';
import type { FlowVerdict } from '../flow-verdict.ts';
import type { Side, Surroundings } from '../model/model.ts';
import { type Difference, differencesOf } from './differences.ts';

/** What becomes of one flow between two sets. */
export interface FlowChange extends FlowVerdict {
  readonly flow: string;
  readonly change: 'added' | 'removed' | 'changed' | 'surroundings';
  readonly differences: readonly Difference[];
  readonly from: { readonly version: number; readonly hash: string } | null;
  readonly to: { readonly version: number; readonly hash: string } | null;
}

type Loaded = Pick<LoadedForPlan, 'lacks'> & { readonly set: NonNullable<LoadedForPlan['set']> };

/** Every flow that changed, or around which something changed that bounds it. `budget` is for each flow. */
export function compareSets(
  old: Loaded,
  fresh: Loaded,
  budget: number = DEFAULT_BUDGET,
): readonly FlowChange[] {
  const names = [...new Set([...old.set.flows.keys(), ...fresh.set.flows.keys()])].sort();
  return names.flatMap((name) => {
    const change = changeOf(old, fresh, name, budget);
    const idle = change?.change === 'surroundings' && change.verdict === 'same';
    return change === null || idle ? [] : [change];
  });
}

function changeOf(old: Loaded, fresh: Loaded, name: string, budget: number): FlowChange | null {
  const [before, after] = [old.set.flows.get(name), fresh.set.flows.get(name)];
  const [flow, other] = [before ?? after, after ?? before];
  if (flow === undefined || other === undefined) return null;
  const [left, right] = [around(old, fresh), around(fresh, old)];
  const same = before !== undefined && after !== undefined && before.hash === after.hash;
  if (same && surroundingsOf(left) === surroundingsOf(right)) return null;
  const sides: readonly [Side, Side] = [
    { flow: before ?? permittingNothing(flow), around: before === undefined ? right : left },
    { flow: after ?? permittingNothing(other), around: after === undefined ? left : right },
  ];
  const change =
    before === undefined ? 'added' : after === undefined ? 'removed' : same ? 'surroundings' : 'changed';
  return {
    flow: name,
    change,
    ...compareUnder(...sides, budget),
    differences:
      before === undefined || after === undefined ? [] : differencesOf(before.definition, after.definition),
    from: named(before),
    to: named(after),
  };
}

function named(flow: CompiledFlow | undefined): FlowChange['from'] {
  return flow === undefined ? null : { version: flow.definition.version, hash: flow.hash };
}

/** A flow that is not there is one that permits nothing. */
function permittingNothing(flow: CompiledFlow): CompiledFlow {
  const { definition } = flow;
  return { ...flow, permit: [], definition: { ...definition, policy: { ...definition.policy, permit: [] } } };
}

/** What one of two sets lacks bounds neither. */
function around({ set, lacks }: Loaded, other: Loaded): Surroundings {
  const has = (what: 'rights' | 'guardrails'): boolean => !lacks.has(what) && !other.lacks.has(what);
  return {
    sha256: set.sha256,
    anchors: set.anchors,
    guardrails: has('guardrails') ? set.guardrails : [],
    packs: set.packs,
    rights: has('rights') ? set.rights : null,
  };
}

function surroundingsOf({ anchors, guardrails, packs, rights }: Surroundings): string {
  const enforced = [...packs].map(([name, { controls }]) => [
    name,
    controls.filter(({ enforce }) => enforce),
  ]);
  return JSON.stringify([[...anchors], guardrails, enforced, rights === null ? null : [...rights]]);
}

/** Names of what else differs and is data: who is in a group, which keys an anchor has, what a source says. */
export function otherChanges(old: Loaded['set'], fresh: Loaded['set']): readonly string[] {
  const kinds: readonly (readonly [string, ReadonlyMap<string, unknown>, ReadonlyMap<string, unknown>])[] = [
    ['anchor', old.anchors, fresh.anchors],
    ['', old.groups, fresh.groups],
    ['role', old.roles, fresh.roles],
    ['audience', old.audiences, fresh.audiences],
    ['fact source', old.sources, fresh.sources],
    ['right', old.rights, fresh.rights],
    ['', byId(old.people), byId(fresh.people)],
    ['policy pack', old.packs, fresh.packs],
    ['guardrail', byId(old.guardrails), byId(fresh.guardrails)],
  ];
  return kinds.flatMap(([kind, before, after]) =>
    [...new Set([...before.keys(), ...after.keys()])]
      .filter((name) => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)))
      .map((name) => `${kind} ${name}`.trim())
      .sort(),
  );
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
