import { type Anchor, type ClaimSchema, canonicalJson, type Hash, type Json, toHex, utf8 } from '@writ/core';
import { compile, type Test } from '../condition/compile.ts';
import { readsOf } from '../condition/expression.ts';
import { cedarSchema, contextType } from '../condition/schema.ts';
import { reportUnknownPaths } from '../condition/unknown-paths.ts';
import { type ReportCondition, validateConditions } from '../condition/validate.ts';
import type { Condition, ConditionSource, FlowDefinition } from '../definition/definition.ts';

/** A flow that decisions can be made by. It exists only if everything in it has been checked. */
export interface CompiledFlow {
  readonly definition: FlowDefinition<Condition>;
  /** SHA-256 of the canonical JSON of its meaning, hexadecimal */
  readonly hash: string;
  readonly permit: readonly CompiledRule[];
  readonly forbid: readonly CompiledRule[];
  readonly approval: readonly CompiledRule[];
  /** dotted paths of every fact that conditions, matches and parameters read, sorted */
  readonly reads: readonly string[];
}

export interface CompiledRule {
  readonly id: string;
  readonly test: Test;
}

/** Null where a condition is unsound; what is wrong has then been reported. */
export function compileFlow(
  flow: FlowDefinition<ConditionSource>,
  anchors: ReadonlyMap<string, Anchor>,
  sha256: Hash,
  report: ReportCondition,
): CompiledFlow | null {
  const claims = (anchor: string): ClaimSchema => anchors.get(anchor)?.claims ?? {};
  const sources = [...flow.policy.permit, ...flow.policy.forbid, ...flow.approval].map((rule) => rule.when);
  const context = contextType(flow, claims);
  const sound = validateConditions(sources, cedarSchema(context), report);
  reportUnknownPaths(flow, context, sound, report);
  if (sources.some((source) => !sound.has(source))) return null;
  return compiledFrom(
    withConditions(flow, (source) => sound.get(source) ?? UNREACHED),
    sha256,
  );
}

/** A flow whose conditions have been checked, in the form that decides. */
export function compiledFrom(definition: FlowDefinition<Condition>, sha256: Hash): CompiledFlow {
  return {
    definition,
    hash: contentHash(definition, sha256),
    permit: definition.policy.permit.map(compileRule),
    forbid: definition.policy.forbid.map(compileRule),
    approval: definition.approval.map(compileRule),
    reads: flowReads(definition),
  };
}

const UNREACHED: Condition = { text: 'false', expression: { op: 'value', value: false } };

function compileRule(rule: { readonly id: string; readonly when: Condition }): CompiledRule {
  return { id: rule.id, test: compile(rule.when.expression) };
}

function withConditions(
  flow: FlowDefinition<ConditionSource>,
  sound: (source: ConditionSource) => Condition,
): FlowDefinition<Condition> {
  return {
    ...flow,
    policy: {
      permit: flow.policy.permit.map((rule) => ({ ...rule, when: sound(rule.when) })),
      forbid: flow.policy.forbid.map((rule) => ({ ...rule, when: sound(rule.when) })),
    },
    approval: flow.approval.map((rule) => ({ ...rule, when: sound(rule.when) })),
  };
}

/** The hash covers meaning: a condition counts as its expression, so spelling and layout do not matter. */
export function contentHash(definition: FlowDefinition<Condition>, sha256: Hash): string {
  const meaning = {
    ...definition,
    policy: {
      permit: definition.policy.permit.map(expressed),
      forbid: definition.policy.forbid.map(expressed),
    },
    approval: definition.approval.map(expressed),
  };
  return toHex(sha256(utf8(canonicalJson(plainJson(meaning)))));
}

function expressed(rule: { readonly when: Condition }): object {
  return { ...rule, when: rule.when.expression };
}

/** A plain tree of data as JSON. */
export function plainJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plainJson);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainJson(inner)]));
}

function flowReads(flow: FlowDefinition<Condition>): readonly string[] {
  const paths = new Set<string>();
  for (const rule of [...flow.policy.permit, ...flow.policy.forbid, ...flow.approval]) {
    for (const path of readsOf(rule.when.expression)) paths.add(path);
  }
  for (const proof of flow.proof.proofs) {
    for (const [claim, match] of Object.entries(proof.match)) {
      paths.add(`evidence.${proof.id}.${claim}`);
      if ('sameAs' in match) paths.add(match.sameAs);
    }
  }
  for (const value of Object.values(flow.generate.parameters)) {
    if (typeof value === 'string' && /^(?:identity|evidence|request|facts)\./.test(value)) paths.add(value);
  }
  if (flow.bind.source !== null) paths.add(flow.bind.source.cidr);
  return [...paths].sort();
}
