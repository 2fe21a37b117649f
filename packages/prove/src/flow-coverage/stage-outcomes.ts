import type { Stage, Verdict } from '@writ/core';
import { isAct, type RecordedDecision } from '@writ/flow';
import { and, not } from '../formula/formula.ts';
import { Unsupported } from '../formula/vocabulary.ts';
import { Inquiry } from '../lint/inquiry.ts';
import { issued } from '../lint/statements.ts';
import { sideOf } from '../lint/subject.ts';
import { Exhausted } from '../solve/search.ts';
import type { Tested } from './tested.ts';

/** What a stage can do with a request, and whether a test has seen it. */
export interface StageOutcome {
  readonly stage: Stage;
  readonly outcome: 'pass' | 'refuse' | 'wait' | 'expire' | 'cancel';
  readonly seen: boolean;
}

/** The stages that can refuse, in their order. */
const REFUSING = ['request', 'proof', 'policy', 'bind'] as const satisfies readonly Stage[];

/** Every outcome of every stage that some request reaches, as the prover decides it. */
export function stageOutcomes(
  { flow, set }: Tested,
  decisions: readonly RecordedDecision[],
  budget: number,
): readonly StageOutcome[] {
  const seen = new Set(decisions.flatMap(seenIn));
  return reachable({ flow, set }, budget).map(({ stage, outcome }) => ({
    stage,
    outcome,
    seen: seen.has(`${stage} ${outcome}`),
  }));
}

type Reached = Omit<StageOutcome, 'seen'>;

function reachable({ flow, set }: Tested, budget: number): readonly Reached[] {
  try {
    const inquiry = new Inquiry(sideOf(set, flow), { left: budget });
    const { model, plain } = inquiry;
    const found: Reached[] = [];
    if (plain.possible(issued(inquiry)))
      found.push({ stage: 'request', outcome: 'pass' }, { stage: 'policy', outcome: 'pass' });
    for (const stage of REFUSING) {
      // An act binds nothing.
      if (stage === 'bind' && isAct(flow.definition.issues)) continue;
      const own = model.rules.filter((rule) => rule.stage === stage).map(({ formula }) => formula);
      const others = model.rules.filter((rule) => rule.stage !== stage).map(({ formula }) => formula);
      if (plain.possible([...others, not(and(...own))])) found.push({ stage, outcome: 'refuse' });
    }
    const asked = model.demands.filter(({ stage }) => stage === 'approval');
    if (asked.some(({ when }) => plain.possible([...issued(inquiry), when])))
      for (const outcome of ['wait', 'pass', 'expire', 'cancel'] as const)
        found.push({ stage: 'approval', outcome });
    return found;
  } catch (error) {
    if (error instanceof Exhausted || error instanceof Unsupported) return [];
    throw error;
  }
}

function seenIn({ verdict }: RecordedDecision): readonly string[] {
  if (verdict.outcome === 'refused') return refusedIn(verdict);
  const passed = ['request pass', 'policy pass'];
  if (verdict.outcome === 'waiting') return [...passed, 'approval wait'];
  const approved = verdict.decidedBy.some((rule) => rule.startsWith('approval.'));
  return approved ? [...passed, 'approval pass'] : passed;
}

function refusedIn({
  reasons: [{ stage, message }],
}: Extract<Verdict, { outcome: 'refused' }>): readonly string[] {
  if (stage !== 'approval') return [`${stage} refuse`];
  if (message.startsWith('expired')) return ['approval expire'];
  return message.includes('denied') ? ['approval cancel'] : ['approval refuse'];
}
