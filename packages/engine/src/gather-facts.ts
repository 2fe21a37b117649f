import {
  type Approval,
  type Confirmation,
  type Evidence,
  type Facts,
  freezeCell,
  type Holder,
  type Identity,
  type IssuanceRequest,
  type Observation,
  type Person,
  type PinnedTo,
} from '@writ/core';
import {
  type ArtefactSet,
  type CompiledFlow,
  factsRead,
  freezeScopesOf,
  listedPeople,
  type Right,
  sourceUrl,
} from '@writ/flow';
import type { Ports } from './ports.ts';

/** What a decision is about, as far as it has been read. */
export interface About {
  readonly request: IssuanceRequest;
  readonly holder: Holder | null;
  readonly evidence: readonly Evidence[];
  readonly identity: Identity;
  readonly before: Identity | null;
  /** null for an act */
  readonly right: Right | null;
  readonly approvals: readonly Approval[];
  readonly confirmations: readonly Confirmation[];
  readonly openedAt: number;
  readonly pinned: PinnedTo | null;
}

/** Reads everything else that a decision may depend on. `flows` are those that will decide: their facts are asked for. */
export async function gatherFacts(
  ports: Ports,
  set: ArtefactSet,
  flows: readonly CompiledFlow[],
  about: About,
  now: number,
): Promise<Facts> {
  const { identity, right, evidence, request } = about;
  const anchors = evidence.map(({ anchor }) => anchor);
  const scopes = freezeScopesOf({ identity, flow: request.flow, right: right?.id ?? null, anchors });
  const cells = await ports.store.read.cells(scopes.map(freezeCell));
  const limited = right === null || right.budget.live === null ? null : right.id;
  const live = limited === null ? 0 : await ports.store.read.live(limited, now);
  const { right: _right, ...rest } = about;
  return {
    ...rest,
    people: peopleOf(set),
    events: [],
    lineage: null,
    sources: await observe(ports, set, flows, about, now),
    freezes: Object.fromEntries(scopes.map((scope) => [scope, cells[freezeCell(scope)] ?? null])),
    budget: { live },
  };
}

/** The people of a set, listed once: a set never changes. */
const listed = new WeakMap<ArtefactSet, readonly Person[]>();

export function peopleOf(set: ArtefactSet): readonly Person[] {
  const known = listed.get(set);
  if (known !== undefined) return known;
  const people = listedPeople(set);
  listed.set(set, people);
  return people;
}

/** A static source is observed at the moment of the decision. */
const constants = new WeakMap<ArtefactSet, ReadonlyMap<string, Observation['value']>>();

function constantsOf(set: ArtefactSet): ReadonlyMap<string, Observation['value']> {
  const known = constants.get(set);
  if (known !== undefined) return known;
  const values = new Map(
    [...set.sources.values()].flatMap((source) =>
      source.kind === 'static' ? [[source.name, source.value] as const] : [],
    ),
  );
  constants.set(set, values);
  return values;
}

/** Only what some rule of the deciding flows names is asked for. What does not answer is absent, and refuses (law 1). */
async function observe(
  ports: Ports,
  set: ArtefactSet,
  flows: readonly CompiledFlow[],
  about: About,
  now: number,
): Promise<Facts['sources']> {
  const observed: [string, Observation][] = [];
  const fixed = constantsOf(set);
  for (const flow of flows) {
    for (const { source: name } of factsRead(flow)) {
      const value = fixed.get(name);
      if (value !== undefined) observed.push([name, { value, observedAt: now }]);
      else if (!observed.some(([known]) => known === name)) {
        const seen = await ask(ports, set, flow, name, about, now);
        if (seen !== null) observed.push([name, seen]);
      }
    }
  }
  return Object.fromEntries(observed);
}

async function ask(
  ports: Ports,
  set: ArtefactSet,
  flow: CompiledFlow,
  name: string,
  about: About,
  now: number,
): Promise<Observation | null> {
  const source = set.sources.get(name);
  if (source === undefined || source.kind !== 'http') return null;
  const url = sourceUrl(source, flow.definition, about);
  try {
    if (typeof url !== 'string') throw new Error(`\`${url.absent}\` is absent`);
    return await ports.facts.observe(source, url, about.identity.name, now);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown';
    ports.events.failed({ what: `the fact source ${name}`, message });
    return null;
  }
}
