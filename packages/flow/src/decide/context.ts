import type { Assurance, Evidence, Facts, Identity, Reason, Stage } from '@writ/core';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import type { CompiledFlow } from '../artefact/compile-flow.ts';
import type { Right } from '../artefact/right.ts';
import type { Environment } from '../condition/compile.ts';
import type { ProofDefinition } from '../definition/definition.ts';

/** One decision under way: what it is about, resolved. Each check reads it and answers with reasons against; none means it passes. */
export interface Context {
  readonly set: ArtefactSet;
  readonly flow: CompiledFlow;
  readonly facts: Facts;
  readonly identity: Identity;
  /** null for an act: it issues no credential */
  readonly right: Right | null;
  readonly now: number;
  /** seconds */
  readonly ttl: number;
  /** every scope of this issuance, whatever evidence was accepted: presented anchors count too */
  readonly freezeScopes: readonly string[];
  readonly proofs: readonly ProofResult[];
  readonly environment: Environment;
}

/** What became of one proof of the flow. Evidence whose match failed contributes nothing. */
export interface ProofResult {
  readonly proof: ProofDefinition;
  /** the evidence presented for it, matched or not */
  readonly presented: Evidence | null;
  readonly failures: readonly Reason[];
}

export type Check = (context: Context) => readonly Reason[];

export function accepted(context: { readonly proofs: readonly ProofResult[] }): readonly AcceptedProof[] {
  return context.proofs.flatMap(({ proof, presented, failures }) =>
    presented !== null && failures.length === 0 ? [{ proof, evidence: presented }] : [],
  );
}

export interface AcceptedProof {
  readonly proof: ProofDefinition;
  readonly evidence: Evidence;
}

export function reason(stage: Stage, rule: string, message: string, more: Partial<Reason> = {}): Reason {
  return { stage, rule, message, ...more };
}

const LEVELS: readonly number[] = [1, 2, 3] satisfies readonly Assurance[];

/** How far evidence is believed: what it says, and never more than its anchor has now. A level that is not known is none. */
export function strength(set: ArtefactSet, { anchor, assurance }: Evidence): Assurance | 0 {
  const believed = set.anchors.get(anchor)?.assurance;
  if (believed === undefined || !LEVELS.includes(believed) || !LEVELS.includes(assurance)) return 0;
  return assurance < believed ? assurance : believed;
}
