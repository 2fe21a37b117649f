import { type Anchor, canonicalJson, type Hash, type Identity, toHex, utf8 } from '@writ/core';
import type { ConditionSource, FlowDefinition } from '../definition/definition.ts';
import { flowShape } from '../definition/load-definition.ts';
import { member, type Node } from '../document/node.ts';
import { parseYaml } from '../document/parse-yaml.ts';
import { type Problem, sortProblems } from '../document/problem.ts';
import type { Shape } from '../document/shape.ts';
import { FLOW_TEST, loadFlowTest } from '../flow-test/load-flow-test.ts';
import { anchorShape } from './anchor.ts';
import type { ArtefactSet } from './artefact-set.ts';
import { audiencesShape } from './audience.ts';
import type { Collected, ParsedFile, Placed, ReportAt } from './collected.ts';
import { type CompiledFlow, compileFlow, plainJson } from './compile-flow.ts';
import { crossCheck } from './cross-check.ts';
import { entitlementsShape } from './entitlement.ts';
import { groupsShape, peopleShape } from './group.ts';
import { guardrailsShape } from './guardrail.ts';
import { identitiesShape } from './identity.ts';
import { policyPackShape } from './policy-pack.ts';
import { rightsShape } from './right.ts';
import { rolesShape } from './role.ts';
import { sourcesShape } from './source.ts';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface LoadedSet {
  /** null where there is an error */
  readonly set: ArtefactSet | null;
  /** identities to register; not part of the set */
  readonly identities: readonly Identity[];
  readonly problems: readonly Problem[];
}

/**
 * Loads an artefact set from its files, whatever their names: the `writ:` line says what a file is. All mistakes of all
 * files are found in one go.
 */
export function loadSet(files: readonly SourceFile[], sha256: Hash): LoadedSet {
  const problems: Problem[] = [];
  const report: ReportAt = (file, at, message, severity = 'error') => {
    problems.push({ file: file.path, ...file.yaml.place(at), severity, message });
  };
  const collected = collect(files, problems, report);
  crossCheck(collected, report);
  const anchors = new Map(collected.anchors.map(({ value }) => [value.name, value]));
  const flows = collected.flows.map((placed) => compilePlaced(placed, anchors, sha256, report));
  const sound = flows.filter((flow) => flow !== null);
  const failed = problems.some(({ severity }) => severity === 'error');
  return {
    set: failed ? null : assemble(collected, sound, anchors, sha256),
    identities: failed ? [] : entitledIdentities(collected),
    problems: sortProblems(problems),
  };
}

export function compilePlaced(
  { value, file, at }: Placed<FlowDefinition<ConditionSource>>,
  anchors: ReadonlyMap<string, Anchor>,
  sha256: Hash,
  report: ReportAt,
): CompiledFlow | null {
  return compileFlow(value, anchors, sha256, (source, offset, message, severity) => {
    const inside =
      offset !== null && source.contentAt !== null ? source.contentAt + offset : (source.at ?? at);
    report(file, inside, message, severity);
  });
}

type Collect = (root: Node, file: ParsedFile, into: Collected, report: ReportAt) => void;

function one<T>(shape: Shape<T>, list: (into: Collected) => Placed<T>[]): Collect {
  return (root, file, into, report) => {
    const value = shape(root, (at, message) => report(file, at, message));
    if (value !== undefined) list(into).push({ value, file, at: root.at });
  };
}

function many<T>(shape: Shape<readonly T[]>, list: (into: Collected) => Placed<T>[]): Collect {
  return (root, file, into, report) => {
    const values = shape(root, (at, message) => report(file, at, message)) ?? [];
    const items =
      root.kind === 'map' ? root.entries.find(({ value }) => value.kind === 'list')?.value : undefined;
    values.forEach((value, i) => {
      const at = items?.kind === 'list' ? items.items[i]?.at : undefined;
      list(into).push({ value, file, at: at ?? root.at });
    });
  };
}

const KINDS: Readonly<Record<string, Collect>> = {
  'flow/v1': one(flowShape, (into) => into.flows),
  'anchor/v1': one(anchorShape, (into) => into.anchors),
  'guardrails/v1': one(guardrailsShape, (into) => into.guardrails),
  'policy-pack/v1': one(policyPackShape, (into) => into.packs),
  'rights/v1': many(rightsShape, (into) => into.rights),
  'groups/v1': many(groupsShape, (into) => into.groups),
  'people/v1': many(peopleShape, (into) => into.people),
  'roles/v1': many(rolesShape, (into) => into.roles),
  'audiences/v1': many(audiencesShape, (into) => into.audiences),
  'sources/v1': many(sourcesShape, (into) => into.sources),
  'entitlements/v1': many(entitlementsShape, (into) => into.entitlements),
  'identities/v1': many(identitiesShape, (into) => into.identities),
};

export function collect(files: readonly SourceFile[], problems: Problem[], report: ReportAt): Collected {
  const into: Collected = {
    flows: [],
    anchors: [],
    rights: [],
    guardrails: [],
    packs: [],
    groups: [],
    people: [],
    roles: [],
    audiences: [],
    sources: [],
    entitlements: [],
    identities: [],
  };
  for (const { path, text } of files) {
    const yaml = parseYaml(path, text);
    problems.push(...yaml.problems);
    if (yaml.root === null) continue;
    const file = { path, yaml };
    const header = member(yaml.root, 'writ');
    const kind = header?.kind === 'scalar' ? String(header.value) : '';
    // Not part of the set, and a mistake in one is a mistake all the same.
    if (kind === FLOW_TEST) {
      problems.push(...loadFlowTest(path, text).problems);
      continue;
    }
    const read = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
    if (read === undefined) {
      report(
        file,
        header?.at ?? 0,
        `the first line must be \`writ: <kind>\`, one of ${Object.keys(KINDS).join(', ')}`,
      );
      continue;
    }
    read(yaml.root, file, into, report);
  }
  return into;
}

/** An identity that no entitlement names is registered with none. */
function entitledIdentities({ identities, entitlements }: Collected): readonly Identity[] {
  const held = byKey(entitlements, ({ identity }) => identity);
  return identities.map(({ value }) => {
    const named = held.get(value.name);
    if (named === undefined) return value;
    const { identity: _name, ...entitlement } = named;
    return { ...value, entitlement };
  });
}

export function assemble(
  collected: Collected,
  flows: readonly CompiledFlow[],
  anchors: ReadonlyMap<string, Anchor>,
  sha256: Hash,
): ArtefactSet {
  const parts = {
    flows: new Map(flows.map((flow) => [flow.definition.name, flow])),
    anchors,
    rights: byKey(collected.rights, ({ id }) => id),
    guardrails: collected.guardrails.flatMap(({ value }) => value),
    packs: new Map(sorted([...byKey(collected.packs, ({ pack }) => pack)])),
    groups: byKey(collected.groups, ({ id }) => id),
    people: collected.people.map(({ value }) => value),
    roles: new Map(collected.roles.map(({ value: { role, groups } }) => [role, groups])),
    audiences: byKey(collected.audiences, ({ uri }) => uri),
    sources: byKey(collected.sources, ({ name }) => name),
  };
  const manifest = {
    flows: sorted(flows.map(({ definition, hash }) => [definition.name, hash])),
    anchors: sorted([...parts.anchors]),
    rights: sorted([...parts.rights]),
    guardrails: parts.guardrails,
    packs: [...parts.packs],
    groups: sorted([...parts.groups]),
    people: parts.people,
    roles: sorted([...parts.roles]),
    audiences: sorted([...parts.audiences]),
    sources: sorted([...parts.sources]),
  };
  const hash = toHex(sha256(utf8(canonicalJson(plainJson(manifest)))));
  return { hash, sha256, ...parts };
}

function byKey<T>(placed: readonly Placed<T>[], key: (value: T) => string): ReadonlyMap<string, T> {
  return new Map(placed.map(({ value }) => [key(value), value]));
}

function sorted<T>(entries: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
