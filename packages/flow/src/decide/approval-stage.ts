import {
  type Approval,
  type Bounds,
  covers,
  envelopeDigest,
  envelopeOf,
  type Obligation,
  type Person,
  type Reason,
} from '@writ/core';
import type { ApprovalRule, Condition } from '../definition/definition.ts';
import { accepted, type Context, reason } from './context.ts';
import { membersOf, personOfEvidence, personsBehind } from './people.ts';
import { holds } from './policy-stage.ts';

/** What the approval rules make of the approvals given so far. */
export interface ApprovalOutcome {
  readonly refusals: readonly Reason[];
  readonly obligations: readonly Obligation[];
  readonly decidedBy: readonly string[];
  /** whether a person approved anything */
  readonly attended: boolean;
  /** whether somebody of a group, and so a reviewer, did */
  readonly reviewed: boolean;
}

/** The rules that apply, with those whose condition cannot be evaluated as refusals. */
export function demanded(context: Context): {
  rules: readonly ApprovalRule<Condition>[];
  refusals: readonly Reason[];
} {
  const rules: ApprovalRule<Condition>[] = [];
  const refusals: Reason[] = [];
  for (const [i, rule] of context.flow.definition.approval.entries()) {
    const compiled = context.flow.approval[i];
    const path = `approval.${rule.id}`;
    const held =
      compiled === undefined
        ? reason('approval', path, 'not compiled')
        : holds(compiled, context.environment, path);
    if (held === true) rules.push(rule);
    else if (held !== false) refusals.push({ ...held, stage: 'approval' });
  }
  return { rules, refusals };
}

/**
 * Holds every demanded approval against `plan` (the digest that must have been signed), or against the envelope of a
 * standing one, and counts distinct persons.
 */
export function approvalStage(
  context: Context,
  rules: readonly ApprovalRule<Condition>[],
  plan: string,
  bounds: Bounds,
): ApprovalOutcome {
  const mine = context.facts.approvals.filter(({ digest, envelope }) =>
    envelope === null ? digest === plan : covers(envelope, bounds),
  );
  const denied = mine.filter(({ decision }) => decision === 'deny');
  if (denied.length > 0) {
    const refusals = denied.map(({ rule }) =>
      reason('approval', `approval.${rule}`, 'an approver denied it'),
    );
    return { refusals, obligations: [], decidedBy: [], attended: false, reviewed: false };
  }
  const outcomes = rules.map((rule) => weigh(context, rule, mine, signs(context, rule, plan, bounds)));
  return {
    refusals: outcomes.flatMap(({ refusal }) => (refusal === null ? [] : [refusal])),
    obligations: outcomes.flatMap(({ obligation }) => (obligation === null ? [] : [obligation])),
    decidedBy: outcomes.flatMap(({ rule, satisfied }) => (satisfied ? [`approval.${rule}`] : [])),
    attended: outcomes.some(({ satisfied }) => satisfied),
    reviewed: outcomes.some(({ satisfied, reviewers }) => satisfied && reviewers),
  };
}

type Signed = Pick<Obligation, 'digest' | 'envelope'>;

/** What an approver of this rule signs. */
function signs(context: Context, rule: ApprovalRule<Condition>, plan: string, bounds: Bounds): Signed {
  if (rule.reuse === 'none') return { digest: plan, envelope: null };
  const envelope = envelopeOf(bounds);
  return { digest: envelopeDigest(context.set.sha256, envelope), envelope };
}

interface Weighed {
  readonly rule: string;
  readonly reviewers: boolean;
  readonly satisfied: boolean;
  readonly refusal: Reason | null;
  readonly obligation: Obligation | null;
}

function weigh(
  context: Context,
  rule: ApprovalRule<Condition>,
  approvals: readonly Approval[],
  signed: Signed,
): Weighed {
  const { facts, now } = context;
  const eligible = eligiblePersons(context, rule.require.from, rule.require.not);
  const counted = new Set(
    approvals
      .filter((approval) => approval.rule === rule.id && approval.decision === 'approve')
      .filter(({ envelope }) => (rule.reuse === 'none') === (envelope === null))
      .filter(({ envelope, at }) => envelope !== null || now <= at + rule.expires * 1000)
      .filter((approval) => rule.require.factor === null || approval.factor === rule.require.factor)
      .filter((approval) => eligible.persons.some(({ id }) => id === approval.person))
      .map(({ person }) => person),
  );
  const missing = rule.require.count - counted.size;
  const reviewers = rule.require.from.startsWith('group:');
  const base = { rule: rule.id, reviewers, satisfied: missing <= 0, refusal: null, obligation: null };
  if (missing <= 0) return base;
  const expires = facts.openedAt + rule.expires * 1000;
  if (now > expires) {
    return {
      ...base,
      refusal: reason('approval', `approval.${rule.id}`, 'expired before it was approved', {
        help: 'ask again',
      }),
    };
  }
  const { from, count, factor, not } = rule.require;
  const unsatisfiable = eligible.problem ?? tooFew(eligible.persons.length, count);
  return {
    ...base,
    obligation: {
      kind: 'approval',
      rule: rule.id,
      from,
      count,
      missing,
      factor,
      not,
      expires,
      unsatisfiable,
      ...signed,
    },
  };
}

function tooFew(there: number, count: number): string | null {
  return there >= count ? null : `${count} must approve, and only ${there} of those asked may`;
}

/** Who may approve or confirm: those `from` names, less the excluded, as persons. */
export function eligiblePersons(
  context: Context,
  from: string,
  not: readonly string[],
): { readonly persons: readonly Person[]; readonly problem: string | null } {
  const excluded = new Set<string>();
  let problem: string | null = null;
  for (const word of not) {
    const { persons, unknown } = personsBehind(word, context);
    problem ??= unknown;
    for (const { id } of persons) excluded.add(id);
  }
  const persons = named(context, from).filter(({ id }) => !excluded.has(id));
  return { persons: problem === null ? persons : [], problem };
}

/** Of a change to an identity it is the owner it has who is asked, not the one it would get. */
function named(context: Context, from: string): readonly Person[] {
  const { facts, identity } = context;
  if (from === 'owner') return membersOf(facts.people, (facts.before ?? identity).owner);
  if (!from.startsWith('proof:')) return membersOf(facts.people, from);
  const proof = accepted(context).find((each) => `proof:${each.proof.id}` === from);
  const person = proof === undefined ? null : personOfEvidence(facts.people, proof.evidence);
  return person === null ? [] : [person];
}
