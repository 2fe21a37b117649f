import {
  type Approval,
  type Confirmation,
  type Evidence,
  type Facts,
  freezeCell,
  type Holder,
  type HttpSource,
  type Identity,
  type IssuanceRequest,
  type Observation,
  type PinnedTo,
  WritError,
} from '@writ/core';
import {
  type ArtefactSet,
  type CompiledFlow,
  factsRead,
  freezeScopesOf,
  identified,
  type Right,
  sourceUrl,
} from '@writ/flow';
import { peopleFacts } from './people/people-facts.ts';
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
  /** whose sign-ins may put them into groups: whoever decided, or is about to */
  readonly persons: readonly string[];
  /** observations that are not those of a source */
  readonly given?: Facts['sources'];
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
  const { right: _right, persons, given = {}, ...rest } = about;
  const facts: Facts = {
    ...rest,
    people: await peopleFacts(ports, set, persons, ports.now()),
    events: [],
    lineage: null,
    sources: { ...constants(set, flows, now), ...given },
    freezes: Object.fromEntries(scopes.map((scope) => [scope, cells[freezeCell(scope)] ?? null])),
    budget: { live },
  };
  const asked = flows.flatMap((flow) => remote(set, flow).map((source) => ({ flow, source })));
  // Nobody is asked anything on behalf of a stranger.
  if (asked.length === 0 || !identified(set, facts, now)) return facts;
  const sources: Record<string, Observation> = { ...facts.sources };
  for (const { flow, source } of asked) {
    const seen = sources[source.name] ?? (await ask(ports, source, flow, about, now));
    if (seen !== null) sources[source.name] = seen;
  }
  return { ...facts, sources };
}

/** A static source is observed at the moment of the decision. */
function constants(set: ArtefactSet, flows: readonly CompiledFlow[], now: number): Facts['sources'] {
  const observed = flows.flatMap(factsRead).flatMap(({ source: name }): [string, Observation][] => {
    const source = set.sources.get(name);
    return source?.kind === 'static' ? [[name, { value: source.value, observedAt: now }]] : [];
  });
  return Object.fromEntries(observed);
}

/** The sources over the network that some rule of the flow names: no other is asked. */
function remote(set: ArtefactSet, flow: CompiledFlow): readonly HttpSource[] {
  return factsRead(flow).flatMap(({ source: name }) => {
    const source = set.sources.get(name);
    return source?.kind === 'http' ? [source] : [];
  });
}

/** What a source says; null, and so absent, where it does not answer (law 1). */
async function ask(
  ports: Ports,
  source: HttpSource,
  flow: CompiledFlow,
  about: About,
  now: number,
): Promise<Observation | null> {
  const url = sourceUrl(source, flow.definition, about);
  try {
    if (typeof url !== 'string') throw new WritError('unknown', `\`${url.absent}\` is absent`);
    return await ports.facts.observe(source, url, about.identity.name, now);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown';
    ports.events.failed({ what: `the fact source ${source.name}`, message });
    return null;
  }
}
