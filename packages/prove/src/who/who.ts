import type { ArtefactSet, CompiledFlow, ProofDefinition } from '@writ/flow';
import { DEFAULT_BUDGET } from '../compare-sides.ts';
import type { Formula } from '../formula/formula.ts';
import { Unsupported } from '../formula/vocabulary.ts';
import { exampleOf } from '../lint/example.ts';
import { Inquiry, type Questions } from '../lint/inquiry.ts';
import { issued, provenBy, unasked } from '../lint/statements.ts';
import { sideOf } from '../lint/subject.ts';
import * as names from '../model/names.ts';
import { type Told, tellSituation } from '../plan/tell.ts';
import { Exhausted } from '../solve/search.ts';
import { type Question, questionsFor } from './question.ts';

/**
 * How far somebody gets: `no`, the proof refuses; `refused`, the proof lets them through and what follows does not; `asked`,
 * issued when people approve; `issued`, at once; `unknown`, the prover gave up.
 */
export type Reach = 'no' | 'refused' | 'asked' | 'issued' | 'unknown';

export interface Answer {
  readonly proof: string;
  readonly anchor: string;
  readonly question: string;
  readonly asks: string;
  readonly reach: Reach;
  /** claims that show it, where somebody passes the proof */
  readonly claims: Told;
}

/** Who can satisfy the proofs of a flow, decided over the claims that their anchors declare. */
export function whoCan(
  set: ArtefactSet,
  flow: CompiledFlow,
  proofs: readonly ProofDefinition[] = flow.definition.proof.proofs,
  budget: number = DEFAULT_BUDGET,
): readonly Answer[] {
  return proofs.flatMap((proof) => {
    const anchor = set.anchors.get(proof.anchor);
    const asked = questionsFor(anchor?.kind ?? '', Object.keys(anchor?.claims ?? {}));
    const inquiry = new Inquiry(sideOf(set, flow), { left: budget });
    const named = (claim: string): string => names.claimAttribute(names.slotOf(proof), claim);
    const statements = asked.map(({ statement }) => statement({ model: inquiry.model, named }));
    const questions = inquiry.over(statements);
    return asked.map((question, i): Answer => {
      const found = reachOf(inquiry, questions, proof, statements[i]);
      const { id, asks } = question satisfies Question;
      return { proof: proof.id, anchor: proof.anchor, question: id, asks, ...found };
    });
  });
}

function reachOf(
  inquiry: Inquiry,
  questions: Questions,
  proof: ProofDefinition,
  statement: Formula | undefined,
): Pick<Answer, 'reach' | 'claims'> {
  if (statement === undefined) return { reach: 'unknown', claims: null };
  const { demands } = inquiry.model;
  try {
    const through = [...issued(inquiry), provenBy(inquiry, proof), statement];
    const atOnce = exampleOf(inquiry, questions, { statements: [...through, ...unasked(inquiry)], demands });
    if (atOnce !== null) return { reach: 'issued', claims: claimsOf(atOnce.evidence, proof) };
    const asked = exampleOf(inquiry, questions, { statements: through, demands });
    if (asked !== null) return { reach: 'asked', claims: claimsOf(asked.evidence, proof) };
    const situation = questions.situation([provenBy(inquiry, proof), statement], []);
    if (situation === null) return { reach: 'no', claims: null };
    return { reach: 'refused', claims: claimsOf(tellSituation(situation).evidence, proof) };
  } catch (error) {
    if (!(error instanceof Unsupported) && !(error instanceof Exhausted)) throw error;
    return { reach: 'unknown', claims: null };
  }
}

function claimsOf(evidence: readonly Readonly<Record<string, Told>>[], proof: ProofDefinition): Told {
  const mine = evidence.find(({ anchor, role }) => anchor === proof.anchor && role === proof.role);
  return mine?.['claims'] ?? null;
}
