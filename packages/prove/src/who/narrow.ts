import type { Value } from '@writ/core';
import {
  type ArtefactSet,
  type CompiledFlow,
  compilePattern,
  type Match,
  matchesPattern,
  type ProofDefinition,
} from '@writ/flow';
import { compareUnder } from '../compare-flows.ts';
import type { FlowVerdict } from '../flow-verdict.ts';
import { sideOf } from '../lint/subject.ts';
import type { Used } from './used-claims.ts';

/** The narrowest proof that admits what was used. */
export interface Narrowed {
  readonly match: ProofDefinition['match'];
  /** claims that vary too much to be named, and are left as they were */
  readonly varied: readonly string[];
  /** used tokens that the proof as it is does not admit, by their place, with the claim that is not */
  readonly strangers: readonly { readonly at: number; readonly claim: string }[];
  /** of the change to the flow; null where there are strangers */
  readonly verdict: FlowVerdict | null;
}

/** So many different values of a claim are listed; more is a claim of the run, or wants a pattern. */
const MOST_VALUES = 20;

/** Claims of CI systems that say which run it was, not whose; and `sub`, which repeats the others. */
const OF_THE_RUN: ReadonlySet<string> = new Set([
  'sub',
  'actor',
  'actor_id',
  'base_ref',
  'head_ref',
  'sha',
  'workflow',
  'workflow_sha',
  'job_workflow_sha',
  'run_id',
  'run_number',
  'run_attempt',
  'environment_node_id',
  'runner_id',
  'user_id',
  'user_login',
  'user_email',
  'pipeline_id',
  'job_id',
  'ci_config_sha',
]);

/**
 * Every claim that stays the same from run to run, matched by the values that were used, and the verdict of the prover on
 * the flow with it. What the proof matches and these do not replace stays.
 */
export function narrowed(
  set: ArtefactSet,
  flow: CompiledFlow,
  proof: ProofDefinition,
  used: readonly Used[],
): Narrowed {
  const schema = set.anchors.get(proof.anchor)?.claims ?? {};
  const strangers = used.flatMap((claims, at) => {
    const claim = Object.keys(proof.match).find((name) => !admits(proof.match[name], claims[name]));
    return claim === undefined ? [] : [{ at, claim }];
  });
  const forms = Object.entries(schema)
    .filter(([claim]) => !OF_THE_RUN.has(claim) || Object.hasOwn(proof.match, claim))
    .map(([claim]): [string, Match | null] => [
      claim,
      formOf(
        used.map((claims) => claims[claim]),
        proof.match[claim],
      ),
    ]);
  const match = {
    ...proof.match,
    ...Object.fromEntries(
      forms.flatMap(([claim, form]): [string, Match][] => (form === null ? [] : [[claim, form]])),
    ),
  };
  const varied = forms.flatMap(([claim, form]) => (form === null && isThere(used, claim) ? [claim] : []));
  const verdict =
    strangers.length > 0 ? null : compareUnder(sideOf(set, flow), sideOf(set, withMatch(flow, proof, match)));
  return { match, varied, strangers, verdict };
}

/** Values of one claim as one form of `match`; null where they cannot be, and the proof says nothing of it. */
function formOf(values: readonly (Value | undefined)[], before: Match | undefined): Match | null {
  const texts = values.map((value) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : null,
  );
  const known = [...new Set(texts.filter((text) => text !== null))].toSorted();
  const dynamic = before !== undefined && ('sameAs' in before || 'contains' in before);
  if (dynamic || texts.includes(null) || known.length === 0 || known.length > MOST_VALUES)
    return before ?? null;
  const [only] = known;
  return known.length === 1 && only !== undefined ? { exact: only } : { oneOf: known };
}

function isThere(used: readonly Used[], claim: string): boolean {
  return used.every((claims) => typeof claims[claim] === 'string');
}

/** What depends on the identity cannot be told from a token alone, and is left to it. */
function admits(match: Match | undefined, value: Value | undefined): boolean {
  if (match === undefined) return true;
  if (value === undefined) return false;
  if ('sameAs' in match) return true;
  if ('contains' in match) return Array.isArray(value) && value.includes(match.contains);
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return false;
  if ('exact' in match) return text === match.exact;
  if ('oneOf' in match) return match.oneOf.includes(text);
  return matchesPattern(compilePattern(match.like), text);
}

function withMatch(
  flow: CompiledFlow,
  proof: ProofDefinition,
  match: ProofDefinition['match'],
): CompiledFlow {
  const { definition } = flow;
  const proofs = definition.proof.proofs.map((each) => (each.id === proof.id ? { ...each, match } : each));
  return { ...flow, definition: { ...definition, proof: { ...definition.proof, proofs } } };
}
