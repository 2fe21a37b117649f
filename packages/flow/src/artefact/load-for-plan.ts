import {
  type Anchor,
  type AttributeType,
  type ClaimSchema,
  type ClaimType,
  GITHUB_ACTIONS_CLAIMS,
  GITLAB_CI_CLAIMS,
  type Hash,
} from '@writ/core';
import { CHANGE_SOURCE } from '../definition/change-fact.ts';
import type { ConditionSource, FlowDefinition } from '../definition/definition.ts';
import { type Problem, sortProblems } from '../document/problem.ts';
import type { ArtefactSet } from './artefact-set.ts';
import type { Collected, Placed, ReportAt } from './collected.ts';
import type { CompiledFlow } from './compile-flow.ts';
import { crossCheck } from './cross-check.ts';
import { assemble, collect, compilePlaced, type SourceFile } from './load-set.ts';

export interface LoadedForPlan {
  /** null where a file has a mistake */
  readonly set: ArtefactSet | null;
  readonly problems: readonly Problem[];
  /** what the files do not say and comparing takes for granted, in words */
  readonly assumed: readonly string[];
  /** kinds of files there are none of: they bound nothing */
  readonly lacks: ReadonlySet<'rights' | 'guardrails'>;
}

/** Claims of the kinds that are built, with the claim that names the person behind them. */
const BUILT_IN: Readonly<Record<string, { claims: ClaimSchema; actor: string }>> = {
  'github-actions': { claims: GITHUB_ACTIONS_CLAIMS, actor: 'actor_id' },
  'gitlab-ci': { claims: GITLAB_CI_CLAIMS, actor: 'user_id' },
};

/**
 * Loads what is to be compared: every flow that parses and type-checks, also where a right no longer fits it or where the
 * directory holds flows alone. What is missing is filled in, and said.
 */
export function loadForPlan(files: readonly SourceFile[], sha256: Hash): LoadedForPlan {
  const problems: Problem[] = [];
  const assumed: string[] = [];
  const report: ReportAt = (file, at, message, severity = 'error') => {
    problems.push({ file: file.path, ...file.yaml.place(at), severity, message });
  };
  const collected = collect(files, problems, report);
  const completed = complete(collected, assumed);
  crossCheck({ ...completed, rights: [], audiences: [], identities: [], entitlements: [] }, report);
  const anchors = new Map(completed.anchors.map(({ value }) => [value.name, value]));
  const flows = collected.flows.map((placed) => compilePlaced(placed, anchors, sha256, report));
  const sound = flows.filter((flow): flow is CompiledFlow => flow !== null);
  const lacks = new Set<'rights' | 'guardrails'>();
  if (collected.rights.length === 0) lacks.add('rights');
  if (collected.guardrails.length === 0) lacks.add('guardrails');
  const failed = problems.some(({ severity }) => severity === 'error');
  return {
    set: failed ? null : assemble(completed, sound, anchors, sha256),
    problems: sortProblems(problems),
    assumed: [...new Set(assumed)],
    lacks,
  };
}

/** The files with what their flows name and they do not have. */
function complete(all: Collected, assumed: string[]): Collected {
  const named = <T>(placed: readonly Placed<T>[], key: (value: T) => string): Set<string> =>
    new Set(placed.map(({ value }) => key(value)));
  const anchors = named(all.anchors, ({ name }) => name);
  const sources = named(all.sources, ({ name }) => name);
  const known = new Set([...named(all.groups, ({ id }) => id), ...named(all.people, ({ id }) => id)]);
  const more: Collected = {
    ...all,
    anchors: [...all.anchors],
    sources: [...all.sources],
    groups: [...all.groups],
    people: [...all.people],
    guardrails: [...all.guardrails],
  };
  const add = (placed: Placed<unknown>, id: string): void => {
    if (known.has(id)) return;
    known.add(id);
    const { file, at } = placed;
    if (id.startsWith('user:')) more.people.push({ value: { id, name: id, subjects: [] }, file, at });
    else more.groups.push({ value: { id, members: [], claim: null }, file, at });
    assumed.push(`${id}: not among the files; it may have any members`);
  };
  for (const placed of all.flows) {
    const { value: flow, file, at } = placed;
    for (const { anchor } of flow.proof.proofs) {
      if (anchors.has(anchor)) continue;
      anchors.add(anchor);
      more.anchors.push({
        value: assumedAnchor(
          anchor,
          all.flows.map(({ value }) => value),
        ),
        file,
        at,
      });
      const built = Object.hasOwn(BUILT_IN, kindOf(anchor));
      assumed.push(
        `anchor ${anchor}: no file; ${built ? `the built-in claims of ${kindOf(anchor)}` : 'the claims that flows name'}, as texts, and assurance 3`,
      );
    }
    for (const { source, type } of Object.values(flow.facts)) {
      if (sources.has(source) || source === CHANGE_SOURCE) continue;
      sources.add(source);
      more.sources.push({ value: { name: source, kind: 'static', type, value: '' }, file, at });
      assumed.push(`fact source ${source}: no file; it may say anything of the declared type`);
    }
    add(placed, flow.owner);
    if ('from' in flow.request.by) add(placed, flow.request.by.from);
    for (const {
      require: { from },
    } of flow.approval)
      if (from.startsWith('group:')) add(placed, from);
    if (all.guardrails.length === 0 && more.guardrails.length === 0)
      more.guardrails.push({ value: [], file, at });
  }
  if (all.guardrails.length === 0) assumed.push('guardrails: no file; nothing is bounded by them');
  if (all.rights.length === 0)
    assumed.push('rights: no file; every identity may ask for everything the flow gives');
  return more;
}

function kindOf(anchor: string): string {
  return anchor.split('/')[0] ?? '';
}

const TEXT: AttributeType = { type: 'string' };

/**
 * An anchor that no file declares: the claims of its kind where that is built; otherwise each claim that a flow names is a
 * text, required where it is matched or read without `has`. Its people are known by `sub`.
 */
function assumedAnchor(name: string, flows: readonly FlowDefinition<ConditionSource>[]): Anchor {
  const kind = kindOf(name);
  const built = Object.hasOwn(BUILT_IN, kind) ? BUILT_IN[kind] : undefined;
  return {
    name,
    kind,
    issuer: `https://${name.replace('/', '.')}.invalid`,
    audience: 'assumed',
    assurance: 3,
    replay: 'once',
    algorithms: ['RS256'],
    jwksUri: null,
    privateAddresses: false,
    actor: built?.actor ?? null,
    claims: built?.claims ?? namedClaims(name, flows),
  };
}

function namedClaims(anchor: string, flows: readonly FlowDefinition<ConditionSource>[]): ClaimSchema {
  const claims: Record<string, ClaimType> = {
    sub: claim(TEXT, true),
  };
  for (const flow of flows) {
    for (const { id, match } of flow.proof.proofs.filter((proof) => proof.anchor === anchor)) {
      const texts = [...flow.policy.permit, ...flow.policy.forbid, ...flow.approval].map(
        ({ when }) => when.text,
      );
      for (const { path, guarded } of [
        ...texts.flatMap((text) => readsIn(text, id)),
        ...parametersOf(flow, id),
      ]) {
        claims[path] ??= claim(TEXT, !guarded);
      }
      for (const [name, form] of Object.entries(match)) {
        claims[name] = claim('contains' in form ? { type: 'set' } : TEXT, true);
      }
    }
  }
  return claims;
}

function claim(type: AttributeType, required: boolean): ClaimType {
  return { type, required, identifies: false };
}

/** The claims that a text reads of a proof, with whether it asks `has` for them. */
function readsIn(text: string, id: string): readonly { path: string; guarded: boolean }[] {
  const asked = new Set(
    [
      ...text.matchAll(
        new RegExp(`evidence\\s*(?:\\.\\s*|\\s+has\\s+)${id}(?:\\s+has\\s+|\\s*\\.\\s*)([a-zA-Z_]\\w*)`, 'g'),
      ),
    ].map(([, name = '']) => name),
  );
  const guarded = (name: string): boolean => new RegExp(`has\\s+(?:${id}\\s*\\.\\s*)?${name}\\b`).test(text);
  return [...asked].map((path) => ({ path, guarded: guarded(path) }));
}

function parametersOf(
  flow: FlowDefinition<ConditionSource>,
  id: string,
): readonly { path: string; guarded: boolean }[] {
  const values = [
    ...Object.values(flow.generate.parameters),
    flow.bind.source?.cidr ?? '',
    ...flow.proof.proofs.flatMap(({ match }) =>
      Object.values(match).flatMap((form) => ('sameAs' in form ? [form.sameAs] : [])),
    ),
  ];
  return values.flatMap((value) => {
    const [root, proof, name] = typeof value === 'string' ? value.split('.') : [];
    return root === 'evidence' && proof === id && name !== undefined ? [{ path: name, guarded: false }] : [];
  });
}
