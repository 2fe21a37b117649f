import {
  type Evidence,
  type Facts,
  freezeCell,
  type Identity,
  type Observation,
  type Person,
  type PinnedTo,
} from '@writ/core';
import { type ArtefactSet, freezeScopesOf, listedPeople, type Right } from '@writ/flow';
import type { Asked } from './asked.ts';
import type { Ports } from './ports.ts';

/** What a run adds to the facts of a request. */
export interface RunFacts {
  readonly openedAt: number;
  readonly pinned: PinnedTo | null;
}

/** Reads everything a decision about `asked` may depend on. */
export async function gatherFacts(
  ports: Ports,
  set: ArtefactSet,
  asked: Asked,
  about: { readonly identity: Identity; readonly right: Right; readonly evidence: readonly Evidence[] },
  run: RunFacts,
  now: number,
): Promise<Facts> {
  const { identity, right, evidence } = about;
  const anchors = evidence.map(({ anchor }) => anchor);
  const scopes = freezeScopesOf({ identity, flow: right.flow, right: right.id, anchors });
  const cells = await ports.store.read.cells(scopes.map(freezeCell));
  const live = right.budget.live === null ? 0 : await ports.store.read.live(right.id, now);
  return {
    request: {
      flow: right.flow,
      right: right.id,
      identity: identity.name,
      audience: asked.audience,
      scopes: asked.scopes,
      ttl: asked.ttl,
      fields: asked.fields,
    },
    holder: asked.holder?.key ?? null,
    evidence,
    identity,
    before: null,
    people: peopleOf(set),
    approvals: [],
    confirmations: [],
    events: [],
    lineage: null,
    sources: observe(set, now),
    freezes: Object.fromEntries(scopes.map((scope) => [scope, cells[freezeCell(scope)] ?? null])),
    budget: { live },
    openedAt: run.openedAt,
    pinned: run.pinned,
  };
}

/** The people of a set, listed once: a set never changes. */
const listed = new WeakMap<ArtefactSet, readonly Person[]>();

function peopleOf(set: ArtefactSet): readonly Person[] {
  const known = listed.get(set);
  if (known !== undefined) return known;
  const people = listedPeople(set);
  listed.set(set, people);
  return people;
}

/** A static source is observed at the moment of the decision. */
function observe(set: ArtefactSet, now: number): Readonly<Record<string, Observation>> {
  const observed = [...set.sources.values()].flatMap((source): [string, Observation][] =>
    source.kind === 'static' ? [[source.name, { value: source.value, observedAt: now }]] : [],
  );
  return Object.fromEntries(observed);
}
