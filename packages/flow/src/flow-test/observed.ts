import type { Reason, Stage, Verdict } from '@writ/core';
import type { FlowDefinition } from '../definition/definition.ts';
import type { Expectation, Outcome } from './flow-test.ts';

/** What a test sees of an answer. */
export interface Observed {
  readonly outcome: Outcome;
  readonly stage: Stage | null;
  readonly reasons: readonly Reason[];
  readonly ttl: number | null;
  readonly binding: readonly string[] | null;
  readonly deliver: readonly string[] | null;
  readonly humanVisible: boolean;
  readonly activate: string;
  readonly revokeOn: readonly string[];
  readonly reviewEvery: number | null;
  readonly rotateEvery: number | null;
  readonly approvals: readonly string[];
  readonly decidedBy: readonly string[];
  readonly refusedApproval: string | null;
  readonly voided: readonly string[];
}

/** Where the run stood, and what had been approved in it, before the answer. */
export interface Standing {
  /** null for a request that nothing was waited for yet */
  readonly stage: 'approval' | 'generate' | null;
  readonly refusedApproval: string | null;
  /** rules that somebody had approved for what was asked before */
  readonly approved: readonly string[];
}

export const FRESH: Standing = { stage: null, refusedApproval: null, approved: [] };

/** A decision as a test sees it. */
export function observedOf(
  { deliver, activate, lifecycle }: FlowDefinition<unknown>,
  verdict: Verdict,
  standing: Standing,
): Observed {
  const refused = verdict.outcome === 'refused';
  const bounds = refused ? null : verdict.bounds;
  const approvals =
    verdict.outcome === 'waiting'
      ? verdict.obligations.map(({ rule }) => rule)
      : verdict.outcome === 'issue'
        ? verdict.decidedBy.flatMap((rule) => (rule.startsWith('approval.') ? [rule.slice(9)] : []))
        : [];
  return {
    outcome: verdict.outcome === 'issue' ? 'issued' : verdict.outcome,
    stage: refused ? stageOf(verdict.reasons[0], standing) : null,
    reasons: refused ? verdict.reasons : [],
    ttl: bounds?.ttl ?? null,
    binding: bounds?.pop ?? null,
    deliver: bounds?.deliver ?? null,
    humanVisible: deliver.humanVisible === 'allowed',
    activate: activate.when,
    revokeOn: lifecycle.revokeOn,
    reviewEvery: lifecycle.reviewEvery,
    rotateEvery: lifecycle.rotateEvery,
    approvals,
    decidedBy: refused ? verdict.reasons.map(({ rule }) => rule) : verdict.decidedBy,
    refusedApproval: standing.refusedApproval,
    voided: verdict.outcome === 'waiting' ? standing.approved.filter((rule) => approvals.includes(rule)) : [],
  };
}

/** A freeze, or the end of a run, stops it where it stands. */
function stageOf({ rule, stage }: Reason, standing: Pick<Standing, 'stage'>): Stage {
  const anywhere = rule === 'gate.freeze' || rule === 'run' || rule.startsWith('run.');
  return anywhere && standing.stage !== null ? standing.stage : stage;
}

type Plain = string | number | boolean | null;

/** Each way in which an answer is not what was expected, in words; empty where it is. */
export function mismatches(expected: Expectation, seen: Observed): readonly string[] {
  const found: string[] = [];
  const same = (what: string, wanted: Plain, got: Plain): void => {
    if (wanted !== null && wanted !== got)
      found.push(`${what}: expected ${shown(wanted)}, found ${shown(got)}`);
  };
  const members = (what: string, wanted: readonly string[] | null, got: readonly string[]): void => {
    if (wanted !== null && !equal(wanted, got))
      found.push(`${what}: expected ${shown(wanted)}, found ${shown(got)}`);
  };
  same('outcome', expected.outcome, seen.outcome);
  same('stage', expected.stage, seen.stage);
  same('ttl', expected.ttl, seen.ttl);
  same('human-visible', expected.humanVisible, seen.humanVisible);
  same('activate', expected.activate, seen.activate);
  same('review-every', expected.reviewEvery, seen.reviewEvery);
  same('rotate-every', expected.rotateEvery, seen.rotateEvery);
  members('binding', expected.binding, seen.binding ?? []);
  members('deliver', expected.deliver, seen.deliver ?? []);
  members('revoke-on', expected.revokeOn, seen.revokeOn);
  members('approvals', expected.approvals, seen.approvals);
  members('approvals-voided', expected.approvalsVoided, seen.voided);
  const missing = (expected.decidedBy ?? []).filter((rule) => !seen.decidedBy.includes(rule));
  if (missing.length > 0)
    found.push(`decided-by: ${shown(missing)} did not decide; ${shown(seen.decidedBy)} did`);
  if (expected.refusedApproval !== null && seen.refusedApproval?.includes(expected.refusedApproval) !== true)
    found.push(
      `refused-approval: expected \`${expected.refusedApproval}\`, found ${shown(seen.refusedApproval)}`,
    );
  return [...found, ...unexplained(expected, seen)];
}

function unexplained({ because }: Expectation, { reasons }: Observed): readonly string[] {
  if (because === null) return [];
  const wanted = typeof because === 'string' ? [['', because] as const] : Object.entries(because);
  return wanted
    .filter(
      ([rule, part]) =>
        !reasons.some(
          (each) => under(each.rule, rule) && explanations(each).some((text) => text.includes(part)),
        ),
    )
    .map(([rule, part]) => {
      const why = reasons.map((each) => `${each.rule}: ${explanations(each).join('; ')}`).join(' | ');
      return `because${rule === '' ? '' : ` ${rule}`}: expected \`${part}\`, found ${why === '' ? 'no reason' : `\`${why}\``}`;
    });
}

function under(rule: string, asked: string): boolean {
  return asked === '' || rule === asked || rule.startsWith(`${asked}.`);
}

/** What a reason says, and for a claim what was expected of it: `ref does not match refs/heads/release-*`. */
function explanations({ message, claim, expected }: Reason): readonly string[] {
  if (claim === undefined || expected === undefined) return [message];
  return [message, `${claim} does not match ${expected.replace(/^like /, '')}`];
}

function equal(wanted: readonly string[], got: readonly string[]): boolean {
  return wanted.length === got.length && wanted.every((each) => got.includes(each));
}

function shown(value: Plain | readonly string[]): string {
  if (typeof value === 'object' && value !== null) return `[${value.join(', ')}]`;
  return value === null ? 'nothing' : `\`${String(value)}\``;
}
