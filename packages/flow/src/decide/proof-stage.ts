import { type Anchor, type Evidence, isSet, type Reason, type Value } from '@writ/core';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import { type Environment, lookup } from '../condition/compile.ts';
import type { FlowDefinition, Match, ProofDefinition } from '../definition/definition.ts';
import { compilePattern, matchesPattern } from '../match/pattern.ts';
import { accepted, type Check, type ProofResult, reason, strength } from './context.ts';
import { printed } from './printed.ts';

/** Evidence by the id of the proof it was presented for. */
export type Presented = ReadonlyMap<string, Evidence>;

/** What was presented for each proof of the flow, by anchor and role. */
export function presentedFor(flow: FlowDefinition<unknown>, evidence: readonly Evidence[]): Presented {
  return new Map(
    flow.proof.proofs.flatMap(({ id, anchor, role }): [string, Evidence][] => {
      const found = evidence.find((each) => each.anchor === anchor && each.role === role);
      return found === undefined ? [] : [[id, found]];
    }),
  );
}

/**
 * Holds each proof of the flow against what was presented for it. A proof may demand the same as another one's claim
 * (`same-as`); evidence whose match failed contributes nothing, so whatever leant on it is held again without it, until
 * nothing more fails.
 */
export function evaluateProofs(
  set: ArtefactSet,
  flow: FlowDefinition<unknown>,
  presented: Presented,
  environment: (evidence: Presented) => Environment,
  now: number,
  openedAt: number,
): readonly ProofResult[] {
  let standing = presented;
  for (;;) {
    const results = holdEach(set, flow, presented, environment(standing), now, openedAt);
    const good = new Map(accepted({ proofs: results }).map(({ proof, evidence }) => [proof.id, evidence]));
    const left = new Map([...standing].filter(([id]) => good.has(id)));
    if (left.size === standing.size) return results;
    standing = left;
  }
}

function holdEach(
  set: ArtefactSet,
  flow: FlowDefinition<unknown>,
  given: Presented,
  environment: Environment,
  now: number,
  openedAt: number,
): readonly ProofResult[] {
  return flow.proof.proofs.map((proof) => {
    const presented = given.get(proof.id);
    if (presented === undefined || !set.anchors.has(proof.anchor)) {
      return { proof, presented: null, failures: [] };
    }
    const stale = tooOld(proof, presented, presented.signIn === undefined ? now : openedAt);
    const mismatches = Object.entries(proof.match).flatMap(([claim, match]) =>
      mismatch(proof, claim, match, presented, environment),
    );
    return { proof, presented, failures: [...stale, ...mismatches] };
  });
}

function tooOld(proof: ProofDefinition, evidence: Evidence, now: number): readonly Reason[] {
  const age = Math.floor((now - evidence.issuedAt) / 1000);
  if (age <= proof.maxAge && now < evidence.expiresAt) return [];
  const help = 'ask the issuer for a fresh token';
  return [
    reason('proof', `proof.${proof.id}`, `the evidence is ${age} s old, too old for this flow`, { help }),
  ];
}

function mismatch(
  proof: ProofDefinition,
  claim: string,
  match: Match,
  evidence: Evidence,
  environment: Environment,
): readonly Reason[] {
  const value = Object.hasOwn(evidence.claims, claim) ? evidence.claims[claim] : undefined;
  const rule = `proof.${proof.id}.${claim}`;
  const expected = expectation(match);
  if (value === undefined) {
    return [
      reason('proof', rule, `the claim \`${claim}\` is absent, and this flow needs it`, { claim, expected }),
    ];
  }
  if (matches(match, value, environment)) return [];
  const own = printed(value);
  return [
    reason('proof', rule, `the claim \`${claim}\` has a value this flow does not accept`, {
      claim,
      value: own,
      expected,
    }),
  ];
}

function matches(match: Match, value: Value, environment: Environment): boolean {
  if ('contains' in match) return isSet(value) && value.includes(match.contains);
  const own = typeof value === 'number' ? String(value) : value;
  if (typeof own !== 'string') return false;
  if ('exact' in match) return own === match.exact;
  if ('oneOf' in match) return match.oneOf.includes(own);
  if ('like' in match) return matchesPattern(compilePattern(match.like), own);
  return own === lookup(environment, match.sameAs.split('.'));
}

function expectation(match: Match): string {
  if ('contains' in match) return `containing ${match.contains}`;
  if ('exact' in match) return match.exact;
  if ('oneOf' in match) return `one of ${match.oneOf.join(', ')}`;
  if ('like' in match) return `like ${match.like}`;
  return `the same as ${match.sameAs}`;
}

/**
 * Whether the caller has shown to be who the flow is for, so that it may be told why a later rule refused (law 14): some
 * evidence matches every immutable id that its proof names, and the proof names one at least.
 */
export function identifies(set: ArtefactSet, proofs: readonly ProofResult[]): boolean {
  return proofs.some(({ proof, presented, failures }) => {
    const anchor = set.anchors.get(proof.anchor);
    if (presented === null || anchor === undefined) return false;
    const ids = identifyingClaims(anchor).filter((claim) => Object.hasOwn(proof.match, claim));
    return ids.length > 0 && !failures.some(({ claim }) => claim !== undefined && ids.includes(claim));
  });
}

function identifyingClaims(anchor: Anchor): readonly string[] {
  return Object.keys(anchor.claims).filter((claim) => anchor.claims[claim]?.identifies === true);
}

/** The proof stage: `any` needs one accepted proof, `all` needs each; an empty list proves nothing. */
export const proofStage: Check = (context) => {
  const { definition } = context.flow;
  const { mode, proofs, minAssurance } = definition.proof;
  const { evidence: all } = context.facts;
  const unasked = all.filter(
    ({ anchor, role }, i) =>
      !proofs.some((proof) => proof.anchor === anchor && proof.role === role) ||
      all.findIndex((other) => other.anchor === anchor && other.role === role) !== i,
  );
  if (unasked.length > 0) {
    return [
      reason('proof', 'proof', 'evidence was presented that this flow does not ask for', {
        help: 'leave it out',
      }),
    ];
  }
  const good = accepted(context);
  const enough = mode === 'any' ? good.length > 0 : proofs.length > 0 && good.length === proofs.length;
  if (!enough) return shortfall(context.proofs, mode);
  return good.flatMap(({ proof, evidence }) =>
    strength(context.set, evidence) >= minAssurance
      ? []
      : [
          reason(
            'proof',
            'proof.min-assurance',
            `the evidence for ${proof.id} is of assurance ${strength(context.set, evidence)}`,
            {
              expected: String(minAssurance),
            },
          ),
        ],
  );
};

function shortfall(results: readonly ProofResult[], mode: 'any' | 'all'): readonly Reason[] {
  const failed = results.flatMap(({ failures }) => failures);
  const missing = results
    .filter(({ presented }) => presented === null)
    .map(({ proof }) =>
      reason('proof', `proof.${proof.id}`, `no evidence was presented as \`${proof.role}\``, {
        expected: proof.anchor,
      }),
    );
  if (mode === 'any' && failed.length > 0) return failed;
  const all = [...failed, ...missing];
  return all.length > 0 ? all : [reason('proof', 'proof', 'this flow believes no evidence at all')];
}
